#!/bin/sh
# lint.sh TASK...
#
# Tasks: format (changes files), check-format, layers, tidy. All of them are done, whichever fail; the status is 1 when
# any did.
set -eu

cd "$(dirname "$0")/.."
jobs=${JOBS:-$(nproc)}

sources() { find src tests bench \( -name '*.cc' -o -name '*.h' \) -print0; }

run_task() {
    case $1 in
    format) sources | xargs -0 clang-format-19 -i ;;
    check-format) sources | xargs -0 clang-format-19 --dry-run -Werror ;;
    layers) python3 tools/check_layers.py ;;
    tidy) tidy ;;
    *)
        echo "$0: there is no task '$1'; take format, check-format, layers or tidy" >&2
        return 2
        ;;
    esac
}

tidy() {
    cmake --preset tidy --log-level=WARNING
    g++-12 -std=c++17 -fPIC -shared -fno-rtti -isystem /usr/lib/llvm-19/include tools/own_declarations.cc \
        -o build/tidy/own_declarations.so
    # Unit tests are left to the compilers: GoogleTest's macros are what most checks would find in them. What
    # run-clang-tidy says besides findings is of interest only when it fails.
    if ! run-clang-tidy-19 -load build/tidy/own_declarations.so -quiet -j "$jobs" -p build/tidy \
        '/src/.*(?<!_test)\.cc$' >build/tidy/findings 2>&1; then
        grep -vE '^\[ *[0-9]+/[0-9]+\]|^clang-tidy-19 |^[0-9]+ warnings? generated' build/tidy/findings
        return 1
    fi
}

failed=0
for task in "$@"; do
    echo "==> $task"
    # Not the condition of an if, so that set -e holds within the task.
    status=0
    (run_task "$task") || status=$?
    if [ $status -ne 0 ]; then
        echo "==> $task: failed" >&2
        failed=1
    fi
done
exit $failed
