using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AlexNetSharp.Server.Tests;

/// <summary>The command <c>alexnet serve</c> in a process of its own, on a free port of loopback.</summary>
internal sealed partial class ServeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = [];
    private readonly TaskCompletionSource<Uri> _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServeProcess(string[] arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "alexnet.dll"), "serve", .. arguments, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public Uri Uri { get; private set; } = new("http://127.0.0.1");

    /// <summary>The most memory that it has had resident, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts one and waits until its models are loaded.</summary>
    public static async Task<ServeProcess> StartAsync(params string[] arguments)
    {
        ServeProcess server = new(arguments);
        try
        {
            server.Uri = await server.OrEndAsync(server._listens.Task);
            await server.OrEndAsync(server._loaded.Task);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many lines of its log hold a text.</summary>
    public int Logged(string text) => _log.Count(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end; the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<T> OrEndAsync<T>(Task<T> awaited)
    {
        using CancellationTokenSource patience = new(Patience);
        if (await Task.WhenAny(awaited, _process.WaitForExitAsync(patience.Token)) != awaited)
            throw new InvalidOperationException($"The server did not start:\n{string.Join('\n', _log)}");
        return await awaited;
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        _log.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
            _listens.TrySetResult(new Uri(match.Groups[1].Value));
        else if (line.Contains("All models are loaded", StringComparison.Ordinal))
            _loaded.TrySetResult(true);
    }

    [GeneratedRegex(@"Now listening on: (\S+)")]
    private static partial Regex Listening();
}
