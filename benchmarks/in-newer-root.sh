#!/usr/bin/env bash
# Runs alexnet-bench with libtorch where the system's C++ runtime is older than libtorch asks for (GLIBCXX_3.4.32; Debian 12 has an older one):
# in a Debian 13 root of its own, made on the first call (debootstrap; about 500 MB, and 700 MB for the build). Needs root.
#
#   benchmarks/in-newer-root.sh peers --model alexnet-mnist --mode train
#
# ALEXNET_NEWER_ROOT names the root's folder (default: /var/tmp/alexnet-newer-root); one that is there is used as it is.
# Files are read and written below the current folder, which the root sees under the same name: --out takes a folder there.
set -euo pipefail
repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
root=${ALEXNET_NEWER_ROOT:-/var/tmp/alexnet-newer-root}
build=$root/opt/alexnet-bench

fail() {
  echo "in-newer-root.sh: $*" >&2
  exit 1
}

[[ $(uname -sm) == "Linux x86_64" ]] || fail "libtorch's package is for Linux on x86-64; this is $(uname -sm)."
[[ $EUID == 0 ]] || fail "making and entering a root needs root; run it with sudo."
[[ $PWD != / ]] || fail "the current folder is put into the root; run it from another one than '/'."
dotnet=$(command -v dotnet) || fail "the .NET SDK was not found; put dotnet on the PATH."

if [[ ! -e $root/usr/lib/x86_64-linux-gnu/libstdc++.so.6 ]]; then
  command -v debootstrap >/dev/null || fail "debootstrap was not found; install it (apt-get install debootstrap), or set ALEXNET_NEWER_ROOT to a Debian 13 root."
  echo "Making a Debian 13 root (once; a minute)..." >&2
  debootstrap --variant=minbase --include=libstdc++6,libgomp1 trixie "$root" >&2 || fail "debootstrap failed; the messages above say why. Remove '$root' and try again."
fi

# What is built goes below the root too, and leaves the working copy's own build alone.
echo "Building alexnet-bench with libtorch..." >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet publish "$repository/benchmarks/AlexNetSharp.Benchmarks" -c Release -r linux-x64 --self-contained false -p:Libtorch=true \
  --artifacts-path "$build/artifacts" -o "$build/app" --nologo -v quiet >"$log" 2>&1 || { cat "$log" >&2; fail "the build failed; the messages above say why."; }

rm -f "$log"

# A mount namespace of its own: whatever is mounted below goes when the command ends.
mkdir -p "$root$PWD" "$root/opt/dotnet"
export root here=$PWD sdk=$(dirname "$(readlink -f "$dotnet")")
exec unshare --mount --propagation private bash -c '
  set -euo pipefail
  for folder in proc sys dev; do mount --rbind "/$folder" "$root/$folder"; done
  mount --bind "$sdk" "$root/opt/dotnet"
  mount --bind "$here" "$root$here"
  exec chroot "$root" /usr/bin/env -C "$here" DOTNET_ROOT=/opt/dotnet /opt/dotnet/dotnet /opt/alexnet-bench/app/alexnet-bench.dll "$@"
' in-newer-root "$@"
