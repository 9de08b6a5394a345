# What the tests have in common; each names itself NAME. See bench/guest/bench.h for the lines.

# measure COMMAND...: takes its time, and makes a checksum of what it printed. A status other than 0 ends the test.
measure() {
    if [ "${BENCH_ANSWERED-}" ]; then
        echo "BENCH ready $NAME"
        read -r _ || exit
    else
        echo "BENCH begin $NAME"
    fi
    "$@" >"$SCRATCH/output" || exit
    echo "BENCH stop $NAME"
    echo "BENCH end $NAME $(cksum <"$SCRATCH/output" | tr ' ' -)"
}

# measure_speed TEXT WHICH ARGUMENT...: one line of `openssl speed ARGUMENT...`, which works for a second of the guest's
# and tells how many operations it made. It announces one with a line of "+DT" (for RSA, "+DTP", one for each kind),
# and ends it with "+R" and its number. The time is taken by when these come. The checksum is of TEXT.
measure_speed() {
    checksum=$(echo "$1" | cksum | tr ' ' -)
    which=$2
    shift 2
    openssl speed -mr -elapsed -seconds 1 "$@" 2>&1 | while IFS=: read -r word count rest; do
        case $word in
        +DT*) begun=$((${begun:-0} + 1)); [ "$begun" -ne "$which" ] || echo "BENCH begin $NAME" ;;
        +R*) ended=$((${ended:-0} + 1)); [ "$ended" -ne "$which" ] || echo "BENCH end $NAME $checksum $count" ;;
        esac
    done
}
