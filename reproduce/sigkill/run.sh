#!/usr/bin/env bash
# Kills a training run with SIGKILL at random moments and resumes it: each must end with the model, bit for bit, of a run that was never stopped.
# usage: reproduce/sigkill/run.sh [RUNS] [SEED], from the root of the repository
set -euo pipefail
runs=${1:-50}
RANDOM=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
alexnet() { ./alexnet "$@"; }
hash() { sha256sum "$1/model.safetensors" | cut -d' ' -f1; }
# Each step once and in order, each epoch once.
curve() { grep -v test_accuracy "$1/metrics.jsonl" | sed -E 's/,"seconds":[^,}]*//'; }

alexnet --version
began=$(date +%s%N)
alexnet train --config reproduce/sigkill/settings.json --out "$work/whole" | grep 'in training' | sed 's/; written.*//'
length=$((($(date +%s%N) - began) / 1000000))
expected=$(hash "$work/whole")
echo "never stopped: $expected, $length ms"

same=0 writing=0 kills=0
for ((i = 1; i <= runs; i++)); do
    folder="$work/run-$i"
    moments=()
    command=(train --config reproduce/sigkill/settings.json --out "$folder")
    # Killed once, twice or three times, each time somewhere between its start and the time that a whole run takes.
    for ((kill = 1 + RANDOM % 3; kill > 0; kill--)); do
        setsid ./alexnet "${command[@]}" >/dev/null 2>"$work/errors" &
        process=$!
        moment=$((RANDOM * 32768 + RANDOM)); moment=$((moment % length))
        if ((${#moments[@]} == 0)); then
            # A run that has no folder yet cannot be resumed.
            until [[ -f "$folder/run.json" ]]; do sleep 0.01; done
        fi
        sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"
        kill -KILL -- "-$process" 2>/dev/null && kills=$((kills + 1)) || true
        wait "$process" 2>/dev/null || true
        if compgen -G "$folder/*.tmp" >/dev/null || compgen -G "$folder/checkpoints/*.tmp" >/dev/null; then
            writing=$((writing + 1)); moment="$moment (writing)"
        fi
        moments+=("$moment")
        command=(train --resume "$folder")
    done
    alexnet train --resume "$folder" >/dev/null
    if [[ $(hash "$folder") == "$expected" ]] && cmp -s <(curve "$work/whole") <(curve "$folder"); then
        same=$((same + 1)); verdict=same
    else
        verdict=DIFFERENT
    fi
    echo "run $i: killed after $(IFS=,; echo "${moments[*]}") ms: $verdict"
    rm -rf "$folder"
done
echo "$same of $runs runs ended with the same SHA-256 and the same curve; $kills kills, $writing of them while a file was being written"
[[ $same == "$runs" ]]
