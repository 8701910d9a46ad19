#!/usr/bin/env bash
# Runs the hub from this repository: installs what is missing, builds, starts it.
#
# usage: ./run.sh [OPTION...]              wghub serve with these options (--urls, --data, --config, --insecure-http)
#        ./run.sh COMMAND [OPTION...]      another command of wghub, such as: ./run.sh setup-code
cd "$(dirname "$0")" || exit
. build/common.sh

need_sdk
need node:nodejs npm:npm wg:wireguard-tools ip:iproute2
if [ ! -d /sys/module/wireguard ] && ! as_root modprobe -q wireguard 2>/dev/null; then
    # This kernel has no WireGuard: the hub then runs the same protocol in a process.
    need wireguard-go:wireguard-go
fi

step 'Building (the first time takes a minute, later a few seconds)'
dotnet build WgHub -c Release -v q -nologo >&2 || fail 'the build failed'

case ${1:-} in
    '' | -*) set -- serve "$@" ;;
esac
if [ "$1" = serve ]; then
    [ "$(id -u)" = 0 ] || step 'Not root: pages and API will work, but the hub cannot make its WireGuard interface'
    step 'Starting the hub; the lines below tell its address and the code that opens its set-up'
fi
exec artifacts/bin/WgHub/release/wghub "$@"
