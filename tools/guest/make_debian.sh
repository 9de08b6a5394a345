#!/bin/sh
# make_debian.sh NAME PACKAGE...
#
# Makes a folder with the files of Debian packages and of all that they depend on, as a guest or chroot(8) can use it as
# its root, and prints its path: build/guest/NAME. Nothing is installed and no script of a package is run, so what
# needs to be configured is not; documentation, translations and headers are left out. One that was made of the same
# packages before is kept. Needs no privileges.
set -eu

if [ $# -lt 2 ]; then
    echo "usage: $0 NAME PACKAGE..." >&2
    exit 2
fi
name=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
cache=${RINGER_GUEST_CACHE:-$here/../../build/guest}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
root=$cache/$name
if [ "$(cat "$root.packages" 2>/dev/null)" = "$*" ] && [ -d "$root" ]; then
    echo "$root"
    exit
fi

# Once one package was fetched, apt knows packages: by the host's lists, or by those fetched below the cache.
"$here/fetch_package.sh" "$1" >/dev/null
working=$(mktemp -d "$cache/making.XXXXXX")
trap 'rm -rf "$working"' EXIT
: >"$working/status"
lists=$cache/apt/$(dpkg --print-architecture)
simulate() {
    apt-get "$@" -qq --simulate --no-install-recommends -o "Dir::State::status=$working/status" \
        -o Debug::NoLocking=true install $packages | sed -n 's/^Inst \([^ ]*\) .*/\1/p'
}
packages=$*
wanted=$(simulate 2>/dev/null || true)
[ -n "$wanted" ] || wanted=$(simulate -o "Dir::State=$lists/state" -o "Dir::Cache=$lists/cache")
if [ -z "$wanted" ]; then
    echo "$0: apt cannot tell what these packages depend on: $packages" >&2
    exit 1
fi

# Packages may still have files in /bin or /lib, which are links to those in /usr.
tree=$working/root
umask 022
mkdir -p "$tree/dev" "$tree/proc" "$tree/tmp" "$tree/root" "$tree/etc"
for folder in bin sbin lib lib64; do
    mkdir -p "$tree/usr/$folder"
    ln -s "usr/$folder" "$tree/$folder"
done
for package in $wanted; do
    files=$("$here/fetch_package.sh" "$package")
    tar -C "$files" --exclude=./DEBIAN -c . | tar -C "$tree" -x --keep-directory-symlink
done
for folder in doc info lintian locale man; do rm -rf "$tree/usr/share/$folder"; done
rm -rf "$tree/usr/include"
# What dash's installation would do.
[ -e "$tree/bin/sh" ] || [ ! -e "$tree/bin/dash" ] || ln -s dash "$tree/bin/sh"

rm -rf "$root"
mv -T "$tree" "$root"
echo "$packages" >"$root.packages"
echo "$root"
