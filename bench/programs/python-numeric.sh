# Python, numbers: an integration, a matrix product, primes
measure python3 -I /bench/numeric.py
