#!/usr/bin/env bash
# Runs the hub from this repository: installs what is missing, builds, starts it.
#
# usage: ./run.sh [OPTION...]              wghub serve with these options (--urls, --data, --config, --insecure-http)
#        ./run.sh --watch [OPTION...]      the same, built and started again whenever a source, page, template or asset changes
#        ./run.sh COMMAND [OPTION...]      another command of wghub, such as: ./run.sh setup-code
cd "$(dirname "$0")" || exit
. build/common.sh

need_sdk
need_node
need wg:wireguard-tools ip:iproute2
if [ ! -d /sys/module/wireguard ] && ! as_root modprobe -q wireguard 2>/dev/null; then
    # This kernel has no WireGuard: the hub then runs the same protocol in a process.
    need wireguard-go:wireguard-go
fi

watch=''
if [ "${1:-}" = --watch ]; then
    watch=1
    shift
fi
case ${1:-} in
    '' | -*) set -- serve "$@" ;;
esac
if [ "$1" = serve ] && [ "$(id -u)" != 0 ]; then
    step 'Not root: pages and API will work, but the hub cannot make its WireGuard interface'
fi

# All that the hub is built from, by name and time.
sources() {
    find WgHub templates wwwroot build ./*.props ./*.targets ./*.json -type f ! -name '.*' ! -name '*~' -printf '%p %T@\n' | sort | cksum
}

stop() {
    [ -n "$hub" ] || return 0
    kill "$hub" 2>/dev/null || true
    wait "$hub" || true
    hub=''
}

if [ -n "$watch" ]; then
    hub='' seen=''
    trap stop EXIT
    trap exit INT TERM
    while :; do
        if [ "$(sources)" != "$seen" ]; then
            seen=$(sources)
            step 'Building'
            if as_builder dotnet build WgHub -v q -nologo -p:RunAnalyzers=false >&2; then
                stop
                # A copy: the next build writes over the files that this one would be running from.
                rm -rf artifacts/watch
                cp -r artifacts/bin/WgHub/debug artifacts/watch
                step 'Starting the hub; a change of a source, page, template or asset builds and starts it again; Ctrl-C ends it'
                artifacts/watch/wghub "$@" &
                hub=$!
            fi
        fi
        sleep 1
    done
fi

step 'Building (the first time takes a minute, later a few seconds)'
as_builder dotnet build WgHub -c Release -v q -nologo >&2 || fail 'the build failed'
[ "$1" != serve ] || step 'Starting the hub; the lines below tell its address and the code that opens its set-up'
exec artifacts/bin/WgHub/release/wghub "$@"
