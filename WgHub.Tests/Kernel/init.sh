#!/bin/sh
# The first process of the machine: what systemd would have mounted, the job, and off.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
ln -s /proc/self/fd /dev/fd
ln -s /proc/self/fd/0 /dev/stdin
ln -s /proc/self/fd/1 /dev/stdout
ln -s /proc/self/fd/2 /dev/stderr
ip link set lo up
modprobe wireguard
modprobe veth
for module in nft_ct nft_objref nft_fib_inet nft_reject_inet nft_masq nft_chain_nat; do
    modprobe "$module"
done
sh /job/job.sh
poweroff -f
