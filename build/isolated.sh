#!/bin/sh
# Runs a command where it may make interfaces, routes and namespaces of any name: with a network, mounts and process ids
# of its own, only a loopback interface, and empty /etc/wireguard, /run/wireguard and /run/netns. All of it, and every
# process left behind, goes when the command ends. Root only.
#
# usage: build/isolated.sh COMMAND [ARGUMENT...]
set -eu

if [ "${WGHUB_ISOLATED:-}" != 1 ]; then
    mkdir -p /etc/wireguard /run/wireguard /run/netns      # the places to mount on; they stay empty
    WGHUB_ISOLATED=1 exec unshare --net --mount --propagation private --pid --fork --kill-child --mount-proc "$0" "$@"
fi

unset WGHUB_ISOLATED
for folder in /etc/wireguard /run/wireguard /run/netns; do
    mount -t tmpfs -o mode=755 tmpfs "$folder"
done
ip link set lo up
"$@"      # not exec: as process 1 the command would have to reap what others leave behind
