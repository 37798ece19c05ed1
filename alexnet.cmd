@echo off
rem Starts the alexnet command from a checkout; dotnet builds it first when sources changed.
setlocal
set "ROOT=%~dp0"
set "OUTPUT=%ROOT%artifacts\alexnet"
where dotnet >nul 2>nul || (echo alexnet: the .NET SDK was not found; install version 10 and put dotnet on the PATH. 1>&2 & exit /b 1)
powershell -NoProfile -Command "$b = Get-Item -LiteralPath '%OUTPUT%\.built' -ErrorAction SilentlyContinue; if (-not $b) { exit 1 }; $s = Get-ChildItem -LiteralPath '%ROOT%src' -Recurse -File | Where-Object { $_.FullName -notmatch '\\(bin|obj)\\' -and $_.LastWriteTime -gt $b.LastWriteTime } | Select-Object -First 1; if ($s) { exit 1 }"
if errorlevel 1 (
  echo Building alexnet ^(once; half a minute^)... 1>&2
  pushd "%ROOT%"
  rem Compiled ahead of time, a command starts in half the time; where that compiler is missing the program is the same without.
  set PUBLISH=dotnet publish src\AlexNetSharp.Cli -c Release --nologo -v quiet --use-current-runtime --self-contained false --artifacts-path artifacts\launcher -o "%OUTPUT%"
  call %%PUBLISH%% -p:PublishReadyToRun=true >nul 2>nul || call %%PUBLISH%% 1>&2 || (popd & echo alexnet: the build failed; the messages above say why. 1>&2 & exit /b 1)
  popd
  type nul > "%OUTPUT%\.built"
)
rem The host on the PATH, and not the program's own, which looks for .NET only where installers put it.
dotnet "%OUTPUT%\alexnet.dll" %*
