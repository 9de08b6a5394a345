#!/bin/sh
# fetch_kernel.sh [PACKAGE[:ARCHITECTURE]]
#
# Obtains an unmodified Debian kernel, linux-image-cloud-amd64 unless told otherwise, and prints the path of its
# vmlinuz. A metapackage stands for the kernel package that it depends on.
set -eu

fetch=$(dirname "$0")/fetch_package.sh
package=${1:-linux-image-cloud-amd64}
architecture=
case $package in *:*) architecture=:${package#*:} ;; esac

folder=$("$fetch" "$package")
kernel=$(find "$folder" -path '*/boot/vmlinuz-*')
if [ -z "$kernel" ]; then
    package=$(sed -n 's/^Depends:.*\(linux-image-[^ ,]*\).*/\1/p' "$folder/DEBIAN/control")
    [ -z "$package" ] || kernel=$(find "$("$fetch" "$package$architecture")" -path '*/boot/vmlinuz-*')
fi
if [ -z "$kernel" ]; then
    echo "$0: the package $1 holds no kernel (boot/vmlinuz-*) and depends on none" >&2
    exit 1
fi
echo "$kernel"
