#!/usr/bin/env bash
# Puts broken files through every reader: each must be read or refused by a documented exception, within 2 s and in no more memory than its own length and 256 MB.
# usage: reproduce/mutations/run.sh [FILES A READER] [SEED] [READER ...], from the root of the repository; the readers are those below
set -euo pipefail
export ALEXNET_MUTATIONS=${1:-200000} ALEXNET_MUTATIONS_SEED=${2:-1}
readers=("${@:3}")
[ ${#readers[@]} -gt 0 ] || readers=(SafeTensors Onnx PyTorch Idx Pictures)
dotnet build -c Release --nologo -v quiet tests/AlexNetSharp.Interop.Tests
echo "# $(date -u +%F), $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1), $(nproc) processors, .NET $(dotnet --version)"
# A process for each reader: the peak memory of a process is that of all that it ever did.
failed=0
for reader in "${readers[@]}"; do
    echo "# $reader"
    dotnet tests/AlexNetSharp.Interop.Tests/bin/Release/net10.0/AlexNetSharp.Interop.Tests.dll -noColor -noLogo -showLiveOutput -method "*.MutationTests.$reader" || failed=1
done
exit $failed
