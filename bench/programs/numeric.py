"""Numbers in plain Python: a simulation in floats, a product of matrices, primes."""

import math


def spring(steps):
    position, velocity, step = 1.0, 0.0, 0.001
    for number in range(steps):
        force = -4.0 * position - 0.1 * velocity + math.sin(number * step)
        velocity += force * step
        position += velocity * step
    return position


def product(order):
    a = [[(i * 7 + j * 3) % 11 for j in range(order)] for i in range(order)]
    b = [[(i * 5 + j * 2) % 13 for j in range(order)] for i in range(order)]
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def primes(limit):
    found = []
    for candidate in range(2, limit):
        for divisor in found:
            if divisor * divisor > candidate:
                found.append(candidate)
                break
            if candidate % divisor == 0:
                break
        else:
            found.append(candidate)
    return found


print(f"{spring(400000):.9f}", sum(map(sum, product(70))), sum(primes(30000)))
