#!/bin/sh
# lockstep.sh RINGER [A,B]
#
# Boots Debian's own kernel to its power-off on two engines at once, by default those that `ringer lockstep` takes.
# With interpreter-uncached as one of them it takes about ten minutes.
set -eu

ringer=$1
guest=$(cd "$(dirname "$0")/../../tools/guest" && pwd)
kernel=$("$guest/fetch_kernel.sh")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$guest/make_initramfs.sh" "$scratch/initramfs.cpio"

commands='date; cat /proc/interrupts; ls / | md5sum; dmesg | md5sum'
"$ringer" lockstep ${2:+--engines "$2"} --kernel "$kernel" --initrd "$scratch/initramfs.cpio" \
    --append "console=ttyS0 ringer.run=\"$commands\""
