# `7z a` of 1 MiB of C source, and `7z x` of the archive
archive() {
    rm -f "$SCRATCH/archive.7z"
    7z a -mmt1 -mx5 -mtm- "$SCRATCH/archive.7z" /bench/archived.c >"$SCRATCH/told" &&
        7z x -so "$SCRATCH/archive.7z" 2>"$SCRATCH/told"
}
measure archive
