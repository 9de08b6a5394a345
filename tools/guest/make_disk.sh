#!/bin/sh
# make_disk.sh IMAGE
#
# Makes a raw disk image with a small Debian 12 on it: one partition with ext4, the kernel linux-image-cloud-amd64,
# systemd, and GRUB, all of which speak to the first serial port, where root logs in without a password. It finds its
# root by label, on whatever bus the disk is, and configures network interfaces by DHCP. Fetches the packages from a
# Debian mirror, as the host's apt is configured to. Needs no privileges where user namespaces are allowed.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 IMAGE" >&2
    exit 2
fi
image=$1
size_mib=768
first_mib=1
working=$(mktemp -d)
trap 'rm -rf "$working" "$image.part"' EXIT
chmod 755 "$working"

cat >"$working/grub.cfg" <<'END'
serial --unit=0 --speed=115200
terminal_input serial
terminal_output serial
echo "GRUB has found its menu"
linux /vmlinuz root=LABEL=root ro console=ttyS0
initrd /initrd.img
boot
END

# In the hook $1 is the root folder, whose owners only the hook sees right.
cat >"$working/finish.sh" <<'END'
set -eu
root=$1
passwd=$(sed 's/^root:[^:]*:/root::/' "$root/etc/shadow")
echo "$passwd" >"$root/etc/shadow"
echo ringer >"$root/etc/hostname"
echo 'LABEL=root / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
printf '[Match]\nType=ether\n[Network]\nDHCP=yes\n' >"$root/etc/systemd/network/dhcp.network"
wanted=$root/etc/systemd/system/multi-user.target.wants
mkdir -p "$wanted"
ln -sf /lib/systemd/system/systemd-networkd.service "$wanted/systemd-networkd.service"
mkdir -p "$root/boot/grub"
cp "$WORKING/grub.cfg" "$root/boot/grub/grub.cfg"
# Without what is mounted in it now.
mkdir "$WORKING/tree"
cp -a --one-file-system "$root/." "$WORKING/tree"
mke2fs -q -t ext4 -L root -E lazy_itable_init=0,lazy_journal_init=0 -d "$WORKING/tree" "$WORKING/root.ext4" "${PARTITION_MIB}M"
END
partition_mib=$((size_mib - first_mib))
WORKING=$working PARTITION_MIB=$partition_mib mmdebstrap --quiet --variant=minbase --format=null \
    --include=linux-image-cloud-amd64,systemd-sysv,udev,e2fsprogs \
    --aptopt='APT::Install-Recommends "false"' --dpkgopt=path-exclude='/usr/share/doc/*' \
    --dpkgopt=path-exclude='/usr/share/locale/*' --dpkgopt=path-exclude='/usr/share/man/*' \
    --customize-hook="sh $working/finish.sh \"\$1\"" bookworm /dev/null >&2

# Between the boot record and the partition lies GRUB's core, which its boot sector expects from sector 1 on.
modules=/usr/lib/grub/i386-pc
grub-mkimage --format i386-pc --directory "$modules" --prefix '(hd0,msdos1)/boot/grub' --output "$working/core.img" \
    biosdisk part_msdos ext2 normal linux serial terminal echo
truncate -s "${size_mib}M" "$image.part"
echo "start=${first_mib}MiB, type=83, bootable" | sfdisk --quiet "$image.part"
dd if="$modules/boot.img" of="$image.part" bs=440 count=1 conv=notrunc status=none
dd if="$working/core.img" of="$image.part" bs=512 seek=1 conv=notrunc status=none
dd if="$working/root.ext4" of="$image.part" bs=1M seek="$first_mib" conv=notrunc,sparse status=none
mv "$image.part" "$image"
