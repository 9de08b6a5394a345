#!/bin/sh
# fuzz.sh SECONDS [RUNS [TARGET...]]
#
# Runs every fuzz target that `cmake --build --preset fuzz --target fuzzers` has built, or those that are named, for
# SECONDS each, or until each has had RUNS inputs if SECONDS is 0. New inputs are kept in build/fuzz/corpus for the next
# time, findings in build/fuzz/findings; tests/fuzz/corpus is only read. The status is 1 when there was a finding.
set -eu

cd "$(dirname "$0")/.."
seconds=${1:?how many seconds for each target}
runs=${2:--1}
shift "$(($# < 2 ? $# : 2))"
# Memory that is freed is soon used again: new pages take longer than most inputs do.
export ASAN_OPTIONS="quarantine_size_mb=4${ASAN_OPTIONS+:$ASAN_OPTIONS}"
failed=0
[ $# -gt 0 ] || set -- '*'
for program in $(for target; do echo build/fuzz/tests/fuzz/$target"_fuzz"; done); do
    if ! [ -x "$program" ]; then
        echo "$0: there are no fuzz targets in build/fuzz; run 'make fuzz'" >&2
        exit 1
    fi
    name=$(basename "$program" _fuzz)
    mkdir -p "build/fuzz/corpus/$name" build/fuzz/findings
    echo "==> $name"
    log=build/fuzz/findings/$name.log
    longest=$(sed -n 's/^max_len = //p' "$program.options" 2>/dev/null || :)
    if "$program" ${longest:+-max_len="$longest"} -max_total_time="$seconds" -runs="$runs" -timeout=20 -rss_limit_mb=2048 \
        -artifact_prefix="build/fuzz/findings/$name-" "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" \
        >"$log" 2>&1; then
        tail -n 1 "$log"
    else
        tail -n 40 "$log" >&2
        echo "==> $name: a finding; its input is the Test unit named above" >&2
        failed=1
    fi
done
exit $failed
