#!/bin/sh
# prepare_disk.sh FOLDER: makes the disk image with Debian in FOLDER, unless one is there that was made as it is now.
set -eu

make_disk=$(dirname "$0")/../../tools/guest/make_disk.sh
[ "$1/debian.raw" -nt "$make_disk" ] || "$make_disk" "$1/debian.raw"
