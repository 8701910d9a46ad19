#!/usr/bin/env bash
# Makes the hub as one file with everything inside: dist/RID/wghub (wghub.exe for Windows).
#
# usage: ./publish.sh [--runtime RID] [--output DIR] [--quick] [--deb] [--lxc]
#   RID      linux-x64 (the default), linux-arm64, linux-musl-x64 or win-x64
#   DIR      dist/RID by default
#   --deb    makes a Debian package of it beside the file, too: linux-x64 and linux-arm64
#   --lxc    and the script that runs it in a container of Proxmox VE: wghub-lxc.sh
#   --quick  is not compiled ahead of time: for a look at it, made in a fraction of the time, slow to start
from=$PWD
cd "$(dirname "$0")" || exit
. build/common.sh

runtime=linux-x64 output='' quick=() deb='' lxc=''
while [ $# -gt 0 ]; do
    case $1 in
        --runtime) runtime=${2:-}; shift 2 || fail '--runtime needs a RID' ;;
        --output) output=$(cd "$from" && realpath -m "${2:-}") || fail '--output needs a folder'; shift 2 ;;
        --quick) quick=(-p:PublishReadyToRun=false); shift ;;
        --deb) deb=1; shift ;;
        --lxc) lxc=1; shift ;;
        *) fail "unknown option $1 (known: --runtime RID, --output DIR, --quick, --deb, --lxc)" ;;
    esac
done
output=${output:-dist/$runtime}

case $runtime in
    linux-x64 | linux-arm64 | linux-musl-x64) file=wghub ;;
    win-x64) file=wghub.exe ;;
    *) fail "unknown runtime $runtime (known: linux-x64, linux-arm64, linux-musl-x64, win-x64)" ;;
esac

case $deb-$runtime in
    1-linux-x64 | 1-linux-arm64 | -*) ;;
    *) fail "--deb goes with linux-x64 and linux-arm64" ;;
esac

need_sdk
need_node

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

step "Publishing for $runtime"
dotnet publish WgHub -c Release -r "$runtime" -o "$made/files" -v q -nologo "${quick[@]}" | tee "$made/log" || {
    if grep -q "NU1101.*\.$runtime" "$made/log"; then
        fail "the package source in use does not carry .NET's own packs for $runtime (named above); nothing was published"
    fi
    fail 'dotnet publish failed'
}

found=$(find "$made/files" -mindepth 1 -printf '%P ')
[ "$found" = "$file " ] || fail "expected $file alone, found: $found"
mkdir -p "$output"
mv -f "$made/files/$file" "$output/$file"

step "$output/$file: $(stat -c %s "$output/$file") bytes"
if [ ${#quick[@]} = 0 ] && command -v xz >/dev/null; then
    step "as .xz: $(xz -T0 -c "$output/$file" | wc -c) bytes"
fi
if [ -n "$deb" ]; then
    step "Debian package: $(build/deb/make.sh "$output/$file" "$output")"
fi
if [ -n "$lxc" ]; then
    cat build/lxc/*.sh >"$output/wghub-lxc.sh"
    chmod 755 "$output/wghub-lxc.sh"
    step "Script for Proxmox VE: $output/wghub-lxc.sh"
fi
