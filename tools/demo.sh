#!/bin/sh
# demo.sh [RINGER]
#
# Boots Debian's unmodified cloud kernel under RINGER (the release build's program unless told otherwise), to a shell on
# the terminal. Without a terminal it runs a few commands in the guest instead, powers off, and ends with status 0.
# What it fetches and builds is kept below build/guest, so that the next time is quick.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
ringer=${1:-$tools/../build/release/ringer}
cache=${RINGER_GUEST_CACHE:-$tools/../build/guest}
if ! [ -x "$ringer" ]; then
    echo "$0: there is no program $ringer; build it with 'make', or name another one" >&2
    exit 2
fi

step() { printf '\n==> %s\n' "$*"; }
size() { du -hL "$1" | cut -f1; }

step "kernel: Debian's linux-image-cloud-amd64"
kernel=$("$tools/guest/fetch_kernel.sh" linux-image-cloud-amd64)
echo "$(basename "$kernel"), $(size "$kernel")"

step "initramfs: Debian's busybox-static and a small init"
initramfs=$cache/demo.cpio
"$tools/guest/make_initramfs.sh" "$initramfs"
echo "$(basename "$initramfs"), $(size "$initramfs")"

if [ -t 0 ] && [ -t 1 ]; then
    step "booting; a prompt comes up in a while. Ctrl-A x quits, Ctrl-A h helps"
    window=$(stty size)
    append="TERM=${TERM:-vt100} LINES=${window% *} COLUMNS=${window#* }"
else
    step "booting; standard input or output is no terminal, so a few commands are run and the machine powers off"
    append='ringer.run="echo; uname -a; grep -m 1 name /proc/cpuinfo; free -m; cat /proc/interrupts; echo"'
fi

status=0
"$ringer" run --kernel "$kernel" --initrd "$initramfs" --memory 512M --append "console=ttyS0 $append" || status=$?
step "ringer ended with status $status"
exit $status
