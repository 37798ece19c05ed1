#!/usr/bin/env bash
# What a container would do, without one: the build and start commands are taken out of deploy/Containerfile and run here, the result from a
# folder that its user cannot write to, as another user than root; then the container's own health command, the probes of
# deploy/kubernetes.yaml, the metric that its autoscaler asks for, a prediction, and an end by SIGTERM.
# check.sh [PORT] [MODEL.safetensors] builds what is committed. Needs root (for the other user), curl, systemd-analyze.
set -euo pipefail
cd "$(dirname "$0")/../.."

port="${1:-18080}"
# A model's file to serve instead of the one that comes with the software.
model="${2:+$(realpath "$2")}"
container=deploy/Containerfile
work="$(mktemp -d)"
server=""
cleanup() { [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true; chmod -R u+w "$work"; rm -rf "$work"; }
trap cleanup EXIT
say() { echo "== $*"; }

say "$(dotnet --version), $(uname -m), $(nproc) processors"

say "systemd unit"
systemd-analyze verify "$PWD/deploy/alexnet.service"
systemd-analyze security --offline=true "$PWD/deploy/alexnet.service" | tail -1 | sed 's/ *[^ -~]*$//'

say "publish, as in the container file's RUN"
publish="$(sed -n 's/^RUN \(dotnet publish .*\)$/\1/p' "$container")"
echo "\$ $publish"
mkdir "$work/source"
git archive HEAD | tar -x -C "$work/source"
(cd "$work/source" && ${publish//\/app/$work\/app} --verbosity quiet)
chmod -R a+rX,a-w "$work/app"
chmod 755 "$work"
[ -z "$model" ] || install -m 444 "$model" "$work/model.safetensors"
mkdir "$work/tmp" && chmod 1777 "$work/tmp"
du -sh "$work/app" | cut -f1

say "start as user 1654, as in ENTRYPOINT and CMD"
mapfile -t command < <(sed -n 's/^\(ENTRYPOINT\|CMD\) \[\(.*\)\]$/\2/p' "$container" | tr ',' '\n' | sed 's/^ *"//; s/" *$//')
echo "\$ ${command[*]}"
(
    cd "$work/app"
    exec setpriv --reuid=1654 --regid=1654 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all \
        env -i PATH="$PATH" TMPDIR="$work/tmp" DOTNET_ROOT="${DOTNET_ROOT:-}" DOTNET_EnableDiagnostics=0 DOTNET_NOLOGO=1 \
        "${command[@]/8080/$port}" ${model:+"alexnet-mnist=$work/model.safetensors"}
) > "$work/log" 2>&1 &
server=$!

health="$(sed -n '/^HEALTHCHECK/{n; s/^ *CMD \[\(.*\)\]$/\1/p}' "$container")"
health="${health#\"bash\", \"-c\", \"}"
health="${health%\"}"
health="${health//\\\\/\\}"
started=$SECONDS
until timeout 3 bash -c "${health//8080/$port}" 2> /dev/null; do
    kill -0 "$server" 2> /dev/null || { cat "$work/log"; exit 1; }
    [ $((SECONDS - started)) -lt 60 ] || { echo "not ready within a minute"; cat "$work/log"; exit 1; }
    sleep 0.2
done
echo "the container's health command says ready"
for path in $(sed -n 's/^ *path: \(\/v2.*\)$/\1/p' deploy/kubernetes.yaml | sort -u); do
    echo "GET $path: $(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port$path")"
done

say "metrics"
metric="$(sed -n 's/^ *name: \(alexnet_.*\)$/\1/p' deploy/kubernetes.yaml)"
curl -sf "http://127.0.0.1:$port/metrics" | grep "^$metric"

say "MNIST's first test picture, a seven"
url="http://127.0.0.1:$port/v2/models/alexnet-mnist"
input="$(curl -sf "$url" | sed 's/.*"inputs":\[{"name":"\([^"]*\)".*/\1/')"
# The file may end before the pipe is empty: that is no failure.
pixels="$( (zcat data/mnist/t10k-images-idx3-ubyte.gz || true) | od -An -v -tu1 -j16 -N784 -w1 | awk '{ printf "%s%.6f", (NR > 1 ? "," : ""), $1 / 255 }')"
curl -sf "$url/infer" -d "{\"inputs\":[{\"name\":\"$input\",\"shape\":[1,28,28,1],\"datatype\":\"FP32\",\"data\":[$pixels]}]}"
echo

say "what it is and may"
grep -E '^(Uid|CapEff|NoNewPrivs)' "/proc/$server/status"
if setpriv --reuid=1654 --regid=1654 --clear-groups touch "$work/app/probe" 2> /dev/null; then echo "the program's folder can be written to"; exit 1; fi
echo "the program's folder cannot be written to"
echo "left in its temporary folder: $(find "$work/tmp" -mindepth 1 | wc -l) files"

say "SIGTERM"
kill -TERM "$server"
status=0
wait "$server" || status=$?
echo "exit code $status"
server=""
exit "$status"
