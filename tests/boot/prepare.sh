#!/bin/sh
# prepare.sh FOLDER: links Debian's kernel into FOLDER and builds the initramfs there.
set -eu

guest=$(cd "$(dirname "$0")/../../tools/guest" && pwd)
ln -sfn "$("$guest/fetch_kernel.sh")" "$1/vmlinuz"
"$guest/make_initramfs.sh" "$1/initramfs.cpio"
