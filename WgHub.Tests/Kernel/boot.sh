#!/bin/sh
# Boots the machine of machine.sh in QEMU, without KVM (one that works by half ends QEMU), and lets it do a job of this folder. Ends when the job has ended.
#
# usage: boot.sh MACHINE WGHUB JOB MORE RESULTS [KERNEL-PARAMETER...]
#   WGHUB     the published file
#   JOB       such as hub.sh
#   MORE      a folder, which is /job/more there
#   RESULTS   the file that the machine reports to, a line for each scenario; what it says on its console goes to standard output
set -eu

machine=$1 wghub=$2 job=$3 more=$4 results=$5
shift 5
here=$(cd "$(dirname "$0")" && pwd)
limit=${WGHUB_KERNEL_SECONDS:-420}    # generous: a machine of two cores that nobody else uses needs half of it

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/root/job" "$work/root/usr/bin"
cp "$here/init.sh" "$work/root/init"
chmod 755 "$work/root/init"
cp "$here/steps.sh" "$work/root/job/steps.sh"
cp "$here/$job" "$work/root/job/job.sh"
cp -r "$more" "$work/root/job/more"
cp "$wghub" "$work/root/usr/bin/wghub"
ldd "$wghub" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$work/root$(dirname "$library")"
    cp -L "$library" "$work/root$library"
done

# Two archives, one behind the other, are one to the kernel. Not compressed: unpacking would be the slowest part of the boot.
cp "$machine/base.cpio" "$work/initrd"
(cd "$work/root" && find . | cpio --quiet -o -H newc) >>"$work/initrd"
rm -rf "$work/root"

: >"$results"
timeout --kill-after=5 "$limit" qemu-system-x86_64 -accel tcg -cpu max -smp 2 -m 1500 -nodefaults -no-reboot -display none \
    -kernel "$machine/vmlinuz" -initrd "$work/initrd" -append "console=ttyS0 quiet panic=1 $*" \
    -chardev stdio,id=console,signal=off -serial chardev:console -serial "file:$results" </dev/null
