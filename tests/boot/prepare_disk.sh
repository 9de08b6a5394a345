#!/bin/sh
# prepare_disk.sh FOLDER: makes the disk image with Debian in FOLDER, unless it is there.
set -eu

[ -e "$1/debian.raw" ] || "$(dirname "$0")/../../tools/guest/make_disk.sh" "$1/debian.raw"
