#!/bin/sh
# fetch_package.sh PACKAGE[:ARCHITECTURE]
#
# Downloads a Debian package with apt and unpacks it; nothing is installed. Prints the folder with its files, and with
# its control files below DEBIAN/. A package that was unpacked before is not looked up again: remove its folder (below
# build/guest) for a newer version.
#
# Needs no privileges. When the host's apt knows no such package (no lists yet, or a foreign architecture), package
# lists of our own are fetched into build/guest/apt from the sources that the host is configured with.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 PACKAGE[:ARCHITECTURE]" >&2
    exit 2
fi
native=$(dpkg --print-architecture)
package=${1%%:*}
architecture=$native
case $1 in *:*) architecture=${1#*:} ;; esac

cache=${RINGER_GUEST_CACHE:-$(dirname "$0")/../../build/guest}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
folder=$cache/$package
[ "$architecture" = "$native" ] || folder=$folder.$architecture
if [ -d "$folder" ]; then
    echo "$folder"
    exit
fi

version() {
    apt-cache "$@" show --no-all-versions "$package" 2>/dev/null | sed -n 's/^Version: //p' | head -n 1
}

# As root, apt would hand the download to the user _apt, who may not enter our folder.
set -- -o APT::Sandbox::User=
if [ "$architecture" != "$native" ] || [ -z "$(version "$@")" ]; then
    own=$cache/apt/$architecture
    mkdir -p "$own/state/lists/partial" "$own/cache/archives/partial"
    : >"$own/state/status"
    set -- "$@" -o "Dir::State=$own/state" -o "Dir::State::status=$own/state/status" -o "Dir::Cache=$own/cache" \
        -o "APT::Architecture=$architecture" -o "APT::Architectures=$architecture"
    if [ -z "$(version "$@")" ]; then
        echo "fetching Debian's package lists for $architecture" >&2
        apt-get "$@" -qq update >&2 || echo "some lists are missing; going on with the others" >&2
    fi
fi
if [ -z "$(version "$@")" ]; then
    echo "$0: apt knows no package '$package' for $architecture; check the name, and the sources in /etc/apt" >&2
    exit 1
fi

working=$(mktemp -d "$cache/fetching.XXXXXX")
trap 'rm -rf "$working"' EXIT
echo "downloading $package $(version "$@")" >&2
(cd "$working" && apt-get "$@" -qq download "$package" >&2)
archive=$(echo "$working"/*.deb)
echo "unpacking $package ($(du -h "$archive" | cut -f1))" >&2
dpkg-deb -x "$archive" "$working/files"
dpkg-deb -e "$archive" "$working/files/DEBIAN"
# Of two that fetch the same package at the same time, the second finds the folder in place.
mv -T "$working/files" "$folder" 2>/dev/null || [ -d "$folder" ]
echo "$folder"
