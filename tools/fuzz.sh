#!/bin/sh
# fuzz.sh SECONDS
#
# Runs every fuzz target that `cmake --build --preset fuzz --target fuzzers` has built, for SECONDS each. New inputs are
# kept in build/fuzz/corpus for the next time, findings in build/fuzz/findings; tests/fuzz/corpus is only read. The
# status is 1 when there was a finding.
set -eu

cd "$(dirname "$0")/.."
seconds=${1:?how many seconds for each target}
failed=0
for program in build/fuzz/tests/fuzz/*_fuzz; do
    if ! [ -x "$program" ]; then
        echo "$0: there are no fuzz targets in build/fuzz; run 'make fuzz'" >&2
        exit 1
    fi
    name=$(basename "$program" _fuzz)
    mkdir -p "build/fuzz/corpus/$name" build/fuzz/findings
    echo "==> $name, $seconds s"
    log=build/fuzz/findings/$name.log
    if "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
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
