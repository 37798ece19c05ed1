#!/usr/bin/env bash
# Puts broken files through every reader: each must be read or refused by a documented exception, within 2 s and in no more memory than its own length and 256 MB.
# usage: reproduce/mutations/run.sh [FILES A READER] [SEED], from the root of the repository
set -euo pipefail
export ALEXNET_MUTATIONS=${1:-200000} ALEXNET_MUTATIONS_SEED=${2:-1}
dotnet build -c Release --nologo -v quiet tests/AlexNetSharp.Interop.Tests
dotnet tests/AlexNetSharp.Interop.Tests/bin/Release/net10.0/AlexNetSharp.Interop.Tests.dll -noColor -noLogo -showLiveOutput -class '*.MutationTests'
