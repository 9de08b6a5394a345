#!/bin/sh
# make_initramfs.sh OUTPUT [PROGRAM...]
#
# Builds an initramfs from Debian's busybox-static, our init, and the programs given (static ones; they go to /bin).
# Of the environment variables, ARCHITECTURE may name that of the guest as Debian does (i386, for 32-bit kernels), RUN a
# script that init runs instead of a shell, and MODULES kernel modules that init loads, with those that they depend on,
# from the package of KERNEL (the path that fetch_kernel.sh has printed). Needs no privileges. The same input gives the same bytes: names are
# sorted, times are 0, everything belongs to root. Not compressed, which saves the guest the work of decompressing.
set -eu

if [ $# -lt 1 ]; then
    echo "usage: [ARCHITECTURE=NAME] [RUN=SCRIPT] [MODULES='NAME...' KERNEL=PATH] $0 OUTPUT [PROGRAM...]" >&2
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
install -m 755 "$here/udhcpc" "$root/etc/"
echo root::0:0:root:/root:/bin/sh >"$root/etc/passwd"
[ -z "${RUN-}" ] || install -m 755 "$RUN" "$root/run"

# module_file NAME: names have underscores where files may have dashes.
module_file() {
    found=$(find "${KERNEL%/boot/*}/lib/modules" -name "$(echo "$1" | sed 's/_/[-_]/g').ko")
    [ -n "$found" ] || { echo "$0: the kernel has no module '$1'; it may be built in" >&2; exit 1; }
    echo "$found"
}

# module_needs FILE: the names of the modules that it depends on. Not by way of /dev/stdout: objcopy, when it fails,
# removes what it was to write, and root may remove that.
module_needs() {
    objcopy -O binary -j .modinfo "$1" "$root/modinfo"
    tr '\0' '\n' <"$root/modinfo" | sed -n 's/^depends=//p' | tr , ' '
    rm "$root/modinfo"
}

# add_module NAME: after those that it depends on.
add_module() {
    ! grep -qxF "$1" "$root/modules/order" || return 0
    file=$(module_file "$1")
    needs=$(module_needs "$file")
    install -m 644 "$file" "$root/modules/$1.ko"
    for needed in $needs; do (add_module "$needed"); done
    echo "$1" >>"$root/modules/order"
}
if [ -n "${MODULES-}" ]; then
    mkdir "$root/modules"
    touch "$root/modules/order"
    for module in $MODULES; do add_module "$module"; done
fi

find "$root" -exec touch --no-dereference --date=@0 {} +
(cd "$root" && find . | LC_ALL=C sort | cpio --quiet --create --format=newc --reproducible --owner=0:0) >"$output.part"
mv "$output.part" "$output"
