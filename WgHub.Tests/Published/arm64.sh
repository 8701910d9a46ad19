#!/bin/sh
# Fetches the libraries that the hub's file for linux-arm64 needs from a Debian, and prints the folder that holds them, for
# qemu-aarch64 -L. Only their files: apt's own lists and this machine's packages stay as they are.
#
# usage: arm64.sh
set -eu

folder=$(cd "$(dirname "$0")/../.." && pwd)/artifacts/arm64
if [ ! -e "$folder/root" ]; then
    mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/debs"
    cd "$folder/debs"
    for action in update 'download libc6 libgcc-s1 libstdc++6 libssl3'; do
        # shellcheck disable=SC2086 # an action is several words
        apt-get -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Acquire::Languages=none -o APT::Sandbox::User=root \
            -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder/cache" $action >&2
    done
    for package in *.deb; do
        dpkg -x "$package" "$folder/half"
    done
    mv "$folder/half" "$folder/root"
fi
echo "$folder/root"
