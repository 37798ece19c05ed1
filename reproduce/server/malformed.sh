#!/usr/bin/env bash
# Sends malformed requests of sixteen kinds to a server over sockets of its own: each must be refused with a 4xx within two seconds, and the server be well after.
# usage: reproduce/server/malformed.sh [COUNT], from the root of the repository
set -euo pipefail
tests=tests/AlexNetSharp.Server.Tests
dotnet build -c Release "$tests" --nologo -v quiet >/dev/null
ALEXNET_MALFORMED_REQUESTS=${1:-20000} dotnet "$tests/bin/Release/net10.0/AlexNetSharp.Server.Tests.dll" -noColor -noLogo -showLiveOutput -class '*MalformedRequestTests' |
    grep -vE "^ *[0-9:]+ (info|dbug)|Discover|Starting|Finished|^$" |
    sed -E 's/^ *[A-Za-z_.]+ \[OUTPUT\] //'
