#!/usr/bin/env bash
# Makes the hub as one file with everything inside: dist/RID/wghub (wghub.exe for Windows).
#
# usage: ./publish.sh [--runtime RID] [--output DIR]
#   RID    linux-x64 (the default), linux-arm64 or win-x64
#   DIR    dist/RID by default
from=$PWD
cd "$(dirname "$0")" || exit
. build/common.sh

runtime=linux-x64 output=
while [ $# -gt 0 ]; do
    case $1 in
        --runtime) runtime=${2:-}; shift 2 || fail '--runtime needs a RID' ;;
        --output) output=$(cd "$from" && realpath -m "${2:-}") || fail '--output needs a folder'; shift 2 ;;
        *) fail "unknown option $1 (known: --runtime RID, --output DIR)" ;;
    esac
done
output=${output:-dist/$runtime}

case $runtime in
    linux-x64 | linux-arm64) file=wghub ;;
    win-x64) file=wghub.exe ;;
    *) fail "unknown runtime $runtime (known: linux-x64, linux-arm64, win-x64)" ;;
esac

need_sdk
need node:nodejs npm:npm

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

step "Publishing for $runtime"
dotnet publish WgHub -c Release -r "$runtime" -o "$made/files" -v q -nologo | tee "$made/log" || {
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
if command -v xz >/dev/null; then
    step "as .xz: $(xz -T0 -c "$output/$file" | wc -c) bytes"
fi
