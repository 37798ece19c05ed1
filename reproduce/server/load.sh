#!/usr/bin/env bash
# Loads a server with requests of one picture each from another process, and sets the rate beside what 'alexnet bench' gives at the batch size reached.
# usage: reproduce/server/load.sh [SECONDS] [CONNECTIONS] [MODEL], from the root of the repository; needs wrk and curl
set -euo pipefail
seconds=${1:-60} connections=${2:-64} model=${3:-}
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill -TERM "$server" 2>/dev/null || true; wait 2>/dev/null; rm -rf "$work"' EXIT

# The first of MNIST's test pictures, as JSON and as bytes after the JSON.
gzip -dc data/mnist/t10k-images-idx3-ubyte.gz >"$work/pictures"
dd if="$work/pictures" of="$work/pixels" bs=16 skip=1 count=49 status=none
printf '{"inputs":[{"name":"pixels","datatype":"UINT8","shape":[1,28,28,1],"data":[%s]}]}' \
    "$(od -An -v -tu1 -w784 "$work/pixels" | sed -E 's/^ +//; s/ +/,/g')" >"$work/json.body"
printf '{"parameters":{"binary_data_output":true},"inputs":[{"name":"pixels","datatype":"UINT8","shape":[1,28,28,1],"parameters":{"binary_data_size":784}}]}' >"$work/binary.head"
cat "$work/binary.head" "$work/pixels" >"$work/binary.body"
post() { printf 'local f = io.open("%s", "rb")\nwrk.body = f:read("*a")\nf:close()\nwrk.method = "POST"\nwrk.headers["Content-Type"] = "%s"\n' "$1" "$2"; }
post "$work/json.body" application/json >"$work/json.lua"
{ post "$work/binary.body" application/octet-stream; printf 'wrk.headers["Inference-Header-Content-Length"] = "%s"\n' "$(stat -c %s "$work/binary.head")"; } >"$work/binary.lua"

memory() { awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$server/status"; }
metric() { curl -sf "$url/metrics" | awk -v name="$1" 'index($1, name) == 1 { sum += $2 } END { printf "%.0f", sum }'; }

./alexnet --version
port=$((20000 + RANDOM % 20000))
url=http://127.0.0.1:$port
./alexnet serve ${model:+served="$model"} --urls "$url" >"$work/log" 2>&1 &
server=$!
until curl -sf "$url/v2/health/ready" >/dev/null; do kill -0 "$server" || { cat "$work/log"; exit 1; }; sleep 0.2; done
name=$(curl -sf "$url/v2/models" | sed -E 's/.*\["([^"]*)".*/\1/')

for form in json binary; do
    pictures=$(metric alexnet_batch_size_sum) batches=$(metric alexnet_batch_size_count)
    wrk --threads 1 --connections "$connections" --duration "${seconds}s" --latency --script "$work/$form.lua" "$url/v2/models/$name/infer" >"$work/wrk" &
    load=$!
    sleep 10
    early=$(memory)
    wait "$load"
    late=$(memory)
    batch=$(((($(metric alexnet_batch_size_sum) - pictures) + ($(metric alexnet_batch_size_count) - batches) / 2) / ($(metric alexnet_batch_size_count) - batches)))
    rate=$(awk '/^Requests\/sec/ { print $2 }' "$work/wrk")
    echo "$form: $connections connections, $seconds s: $rate requests/s, $(awk '$1 == "50%" { print "p50 " $2 } $1 == "99%" { print "p99 " $2 }' "$work/wrk" | paste -sd' ')"
    echo "  answers other than 2xx: $(awk '/Non-2xx/ { print $NF; found = 1 } END { if (!found) print 0 }' "$work/wrk"); socket errors: $(awk '/Socket errors/ { sub(/^ */, ""); print; found = 1 } END { if (!found) print "none" }' "$work/wrk")"
    echo "  resident memory: $early MB after 10 s, $late MB at the end"
    bench=$(./alexnet bench --batch-size "$batch" --seconds 5 --json | sed -E 's/.*"infer_images_per_s":([0-9.]+).*/\1/')
    echo "  mean batch $batch; bench at that batch: $bench images/s; share: $(awk "BEGIN { printf \"%.0f %%\", 100 * $rate / $bench }")"
done
