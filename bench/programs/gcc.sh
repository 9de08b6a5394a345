# `gcc -O2 -c` of a generated file of C
compile() { gcc-12 -O2 -c -o "$SCRATCH/compiled.o" /bench/compiled.c && cat "$SCRATCH/compiled.o"; }
measure compile
