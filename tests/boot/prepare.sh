#!/bin/sh
# prepare.sh FOLDER: links Debian's kernels into FOLDER and builds the initramfs for each architecture there.
set -eu

guest=$(cd "$(dirname "$0")/../../tools/guest" && pwd)
ln -sfn "$("$guest/fetch_kernel.sh")" "$1/vmlinuz"
as -o "$1/regions.o" "$(dirname "$0")/regions.s"
ld -s -o "$1/regions" "$1/regions.o"
"$guest/make_initramfs.sh" "$1/initramfs.cpio" "$1/regions"
MODULES='virtio_pci virtio_blk virtio_net virtio_rng virtio_console virtio_balloon' KERNEL=$("$guest/fetch_kernel.sh") \
    "$guest/make_initramfs.sh" "$1/initramfs-virtio.cpio"

# Drivers of all that a PC may have.
pc='ata_piix sd_mod sr_mod isofs floppy vfat nls_cp437 nls_ascii virtio_pci virtio_blk virtio_net virtio_rng psmouse'
kernel=$("$guest/fetch_kernel.sh" linux-image-amd64)
ln -sfn "$kernel" "$1/vmlinuz-full"
MODULES='floppy vfat nls_cp437 nls_ascii' KERNEL=$kernel "$guest/make_initramfs.sh" "$1/initramfs-floppy.cpio"

MODULES=$pc KERNEL=$kernel "$guest/make_initramfs.sh" "$1/initramfs-pc.cpio"

for flavour in 686 686-pae; do
    kernel=$("$guest/fetch_kernel.sh" "linux-image-$flavour:i386")
    ln -sfn "$kernel" "$1/vmlinuz-$flavour"
    ARCHITECTURE=i386 MODULES=$pc KERNEL=$kernel "$guest/make_initramfs.sh" "$1/initramfs-pc-$flavour.cpio"
done
ARCHITECTURE=i386 "$guest/make_initramfs.sh" "$1/initramfs-i386.cpio"

installer=$("$guest/fetch_package.sh" debian-installer-12-netboot-amd64)/usr/lib/debian-installer/images/12/amd64/text
ln -sfn "$installer/debian-installer/amd64" "$1/installer"

mkdir -p "$1/guests"
for package in memtest86+ ipxe xen-hypervisor-4.17-amd64; do
    ln -sfn "$("$guest/fetch_package.sh" $package)" "$1/guests/$package"
done
