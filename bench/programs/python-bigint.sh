# Python, big integers: digits of pi, modular powers, a factorial
measure python3 -I /bench/bigint.py
