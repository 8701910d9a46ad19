#!/usr/bin/env bash
# Measures the hub, a process of its own with real wg and wireguard-go, in namespaces of its own. Takes some minutes. Needs root.
#
# usage: WgHub.Bench/run.sh [--record | --web | --idle | --load | --pool | --policy | --import | --history] [BINARY]
#   BINARY      $WGHUB_BINARY by default, else dist/linux-x64/wghub, else the Release build
#   --record    writes the figures to docs/bench.md, instead of only showing them beside those of last time
#   --web       only what a flood of addresses and the checks of a request cost: a minute
#   --idle      only what a hub costs when nobody asks it anything, at 5,000 and 20,000 peers: six minutes
#   --pool      only what a free address costs, with 10 and 65,000 that are taken: seconds
#   --policy    only what the firewall's table costs, at 10, 5,000 and 65,534 spokes: a minute
#   --import    only what a large import costs, and who waits meanwhile: a minute
#   --history   only what the history of 5,000 spokes costs: a minute
#   --load      only starts, tokens, registrations, lists: to compare two files, run it with each in turn
from=$PWD
cd "$(dirname "$0")/.." || exit
. build/common.sh

option=()
case ${1:-} in --record | --web | --idle | --load | --pool | --policy | --import | --history) option=("$1"); shift ;; esac

[ "$(id -u)" = 0 ] || fail 'the bench makes real interfaces in namespaces of its own: run it as root'
need_sdk
need wg:wireguard-tools wireguard-go:wireguard-go ip:iproute2 nft:nftables xz:xz-utils
step 'Building'
dotnet build WgHub.Bench -c Release -v q -nologo >&2 || fail 'the build failed'

binary=${1:-${WGHUB_BINARY:-}}
if [ -n "$binary" ]; then
    binary=$(cd "$from" && realpath -e "$binary") || fail "$binary: there is no such file"
else
    binary=$PWD/dist/linux-x64/wghub
    [ -x "$binary" ] || binary=$PWD/artifacts/bin/WgHub/release/wghub
fi
step "Measuring $binary"
# Ahead of whatever else the machine does: it is the hub that is measured, not the queue.
nice -n -15 build/isolated.sh artifacts/bin/WgHub.Bench/release/WgHub.Bench "$binary" docs/bench.md "${option[@]}"
