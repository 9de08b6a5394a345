#!/bin/sh
# make_initramfs.sh OUTPUT [PROGRAM...]
#
# Builds an initramfs from Debian's busybox-static, our init, and the programs given (static ones; they go to /bin).
# Of the environment variables, ARCHITECTURE may name that of the guest as Debian does (i386, for 32-bit kernels), and
# RUN a script that init runs instead of a shell. Needs no privileges. The same input gives the same bytes: names are
# sorted, times are 0, everything belongs to root. Not compressed, which saves the guest the work of decompressing.
set -eu

if [ $# -lt 1 ]; then
    echo "usage: [ARCHITECTURE=NAME] [RUN=SCRIPT] $0 OUTPUT [PROGRAM...]" >&2
    exit 2
fi
output=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
native=$("$here/fetch_package.sh" busybox-static)/bin/busybox
busybox=$("$here/fetch_package.sh" "busybox-static:${ARCHITECTURE:-$(dpkg --print-architecture)}")/bin/busybox

root=$(mktemp -d)
trap 'rm -rf "$root" "$output.part"' EXIT
umask 022
chmod 755 "$root"
mkdir -p "$root/bin" "$root/dev" "$root/etc" "$root/proc" "$root/root" "$root/sys" "$root/tmp"

cp "$busybox" "$root/bin/busybox"
# The host may be unable to run the guest's busybox; its own has the same applets.
for applet in $("$native" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done

as --32 -o "$root/debug_exit.o" "$here/debug_exit.s"
ld -m elf_i386 -s -o "$root/bin/debug-exit" "$root/debug_exit.o"
rm "$root/debug_exit.o"
for program in "$@"; do
    install -m 755 "$program" "$root/bin/"
done
install -m 755 "$here/init" "$root/init"
install -m 644 "$here/motd" "$here/shellrc" "$root/etc/"
echo root::0:0:root:/root:/bin/sh >"$root/etc/passwd"
[ -z "${RUN-}" ] || install -m 755 "$RUN" "$root/run"

find "$root" -exec touch --no-dereference --date=@0 {} +
(cd "$root" && find . | LC_ALL=C sort | cpio --quiet --create --format=newc --reproducible --owner=0:0) >"$output.part"
mv "$output.part" "$output"
