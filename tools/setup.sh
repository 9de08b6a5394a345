#!/bin/sh
# setup.sh GROUP...
#
# Installs the Debian packages that a task needs and that are not there yet. Groups: build, check (tests, linters,
# fuzzers), demo, bench, browser (for the tests of web pages, which are skipped without), bochs (for
# bench/run --with bochs); each includes build. Asks nothing; uses sudo when it is not run by root. Returns at once when
# nothing is missing.
set -eu

build='g++-12 cmake ninja-build ccache pkg-config libzydis-dev libasmjit-dev libgtest-dev libgmock-dev
    libbenchmark-dev libcli11-dev libfmt-dev libspdlog-dev nlohmann-json3-dev libxxhash-dev libslirp-dev libpng-dev
    libvncserver-dev libnbd-dev liburing-dev libtomlplusplus-dev qemu-utils busybox-static cpio xz-utils binutils python3'
check='seabios clang-19 clang-tidy-19 clang-format-19 libclang-19-dev llvm-19-dev libclang-rt-19-dev
    qemu-system-x86 lz4 mmdebstrap grub-pc-bin grub-common fdisk e2fsprogs iproute2 isolinux syslinux-common xorriso novnc'
browser='chromium chromium-driver'
bench='gcc libc6-dev qemu-system-x86 util-linux'
bochs='bochs bochs-term bochsbios vgabios isolinux syslinux-common xorriso'

fail() {
    echo "setup: $*" >&2
    exit 1
}

[ $# -gt 0 ] || fail 'name what to set up for: build, check, demo, bench, browser or bochs'
wanted=$build
for group in "$@"; do
    case $group in
    build | demo) ;;
    check) wanted="$wanted $check" ;;
    browser) wanted="$wanted $check $browser" ;;
    bench) wanted="$wanted $bench" ;;
    bochs) wanted="$wanted $bench $bochs" ;;
    *) fail "there is no group '$group'; take build, check, demo, bench, browser or bochs" ;;
    esac
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    fail "this is not Debian or a relative of it; install what these Debian 12 packages hold, then run cmake by
setup: the presets in CMakePresets.json:" $wanted
fi

# A package may be listed once per architecture; one that is installed is enough.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p')
missing=
for package in $wanted; do
    printf '%s\n' "$installed" | grep -qxF -- "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "packages are missing and this is neither root nor is there sudo; have an
setup: administrator run: apt-get install$missing"
    as_root=sudo
    [ -t 0 ] || as_root='sudo -n'
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Shows one line per package that apt fetches and sets up, and all that it said only when it fails.
apt_get() {
    { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 "$@" \
        </dev/null 2>&1 || echo "setup-failed"; } | tee "$log" |
        sed -n -u -e 's/^Get:[0-9]* [^ ]* [^ ]* [^ ]* \([^ ]*\) .*\[\(.*\)\]$/  fetching \1 (\2)/p' \
            -e 's/^Setting up \([^ ]*\) .*/  installed \1/p'
    ! grep -qx setup-failed "$log"
}

echo "setup: installing$missing"
apt_get update >/dev/null || echo 'setup: the package lists cannot be brought up to date; going on with those at hand' >&2
if ! apt_get install -y --no-install-recommends $missing; then
    grep -v '^setup-failed$' "$log" | tail -n 20 >&2
    fail "apt could not install$missing; its words are above"
fi
echo 'setup: done'
