#!/usr/bin/env bash
# Runs the hub from this repository: installs what is missing, builds, starts it.
#
# usage: ./run.sh [OPTION...]              wghub serve with these options (--urls, --data, --config, --insecure-http)
#        ./run.sh COMMAND [OPTION...]      another command of wghub, such as: ./run.sh setup-code
cd "$(dirname "$0")" || exit
. build/common.sh

# tell_door OPTION... says where the hub will answer and, as long as it has no administrator, the code that opens its set-up.
tell_door() {
    local urls=${WGHUB_URLS:-http://127.0.0.1:8080} code place=()
    while [ $# -gt 0 ]; do
        case $1 in
            --urls) urls=${2:-} ;;
            --urls=*) urls=${1#*=} ;;
            --data | --config) place+=("$1" "${2:-}") ;;
            --data=* | --config=*) place+=("$1") ;;
        esac
        shift
    done

    if code=$("$wghub" setup-code "${place[@]}"); then
        step "Open ${urls%%;*}/setup, set-up code: $code"
    else
        step "Open ${urls%%;*}"
    fi
}

need_sdk
need node:nodejs npm:npm gcc:gcc,libc6-dev wg:wireguard-tools ip:iproute2
if [ ! -d /sys/module/wireguard ] && ! as_root modprobe -q wireguard 2>/dev/null; then
    # This kernel has no WireGuard: the hub then runs the same protocol in a process.
    need wireguard-go:wireguard-go
fi

step 'Building (the first time takes a minute, later a few seconds)'
dotnet build WgHub -c Release -v q -nologo || fail 'the build failed'
wghub=$PWD/artifacts/bin/WgHub/release/wghub

case ${1:-} in
    '' | -*) set -- serve "$@" ;;
esac
if [ "$1" = serve ]; then
    [ "$(id -u)" = 0 ] || step 'Not root: pages and API will work, but the hub cannot make its WireGuard interface'
    tell_door "${@:2}"
fi
exec "$wghub" "$@"
