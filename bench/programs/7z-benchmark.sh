# `7z b`: its own benchmark, which compresses, decompresses and checks; one thread, a dictionary of 256 KiB
benchmark() { 7z b 1 -mmt1 -md18 -mtime=0 >"$SCRATCH/told" && echo checked by itself; }
measure benchmark
