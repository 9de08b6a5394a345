# `7z b`: its own benchmark, which compresses, decompresses and checks; one thread, a dictionary of 256 KiB
#
# It fits its work to the speed that it finds, so its own rating counts: millions of operations a second, in total.
echo "BENCH begin $NAME"
7z b 1 -mmt1 -md18 -mtime=1 >"$SCRATCH/told" &&
    rating=$(sed -n 's/^Tot: .* \([0-9]*\)$/\1/p' "$SCRATCH/told") &&
    echo "BENCH rated $NAME checked-by-itself ${rating}000000"
