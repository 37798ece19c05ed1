#!/usr/bin/env bash
# Runs 'alexnet serve' under 64 connections that never rest, each answer checked to the last bit, and meanwhile:
# stops it with SIGTERM, 20 times; replaces its model's file 100 times; puts truncated files in its place.
# usage: reproduce/server/faults.sh, from the root of the repository; its log is reproduce/server/faults.log
set -euo pipefail
tests=tests/AlexNetSharp.Server.Tests
dotnet build -c Release "$tests" --nologo -v quiet >/dev/null
ALEXNET_FAULTS=1 dotnet "$tests/bin/Release/net10.0/AlexNetSharp.Server.Tests.dll" -noColor -noLogo -showLiveOutput -class '*.FaultTests' |
    grep -vE "Discover|Starting|Finished|^$" |
    sed -E 's/^ *[A-Za-z_.]+ \[OUTPUT\] //'
