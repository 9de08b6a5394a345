# What init runs in the benchmark's guest.
echo "BENCH end boot 0"
alu
memory
