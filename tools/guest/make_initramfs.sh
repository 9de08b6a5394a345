#!/bin/sh
# make_initramfs.sh OUTPUT [PROGRAM...]
#
# Builds an initramfs from Debian's busybox-static, our init, and the programs given (static ones; they go to /bin).
# The environment variable RUN may name a script that init runs instead of a shell. Needs no privileges. The same
# input gives the same bytes: names are sorted, times are 0, everything belongs to root. Not compressed, which
# saves the guest the work of decompressing.
set -eu

if [ $# -lt 1 ]; then
    echo "usage: [RUN=SCRIPT] $0 OUTPUT [PROGRAM...]" >&2
    exit 2
fi
output=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
busybox=$("$here/fetch_package.sh" busybox-static)/bin/busybox

root=$(mktemp -d)
trap 'rm -rf "$root" "$output.part"' EXIT
umask 022
chmod 755 "$root"
mkdir -p "$root/bin" "$root/dev" "$root/etc" "$root/proc" "$root/root" "$root/sys" "$root/tmp"

cp "$busybox" "$root/bin/busybox"
for applet in $("$busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done

"${CC:-gcc}" -O2 -Wall -static -s -o "$root/bin/debug-exit" "$here/debug_exit.c"
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
