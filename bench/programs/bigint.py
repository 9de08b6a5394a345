"""Big integers: digits of pi by Machin's formula, modular powers, a factorial."""


def arctangent_of_inverse(x, unity):
    power = total = unity // x
    n, sign = 3, -1
    while power:
        power //= x * x
        total += sign * (power // n)
        n, sign = n + 2, -sign
    return total


def pi(digits):
    unity = 10 ** (digits + 10)
    return 4 * (4 * arctangent_of_inverse(5, unity) - arctangent_of_inverse(239, unity)) // 10**10


def powers(count):
    modulus = 2**1279 - 1
    base, result = 3, 1
    for _ in range(count):
        base = pow(base, 2**127 - 1, modulus)
        result = result * base % modulus
    return result


factorial = 1
for number in range(2, 6000):
    factorial *= number
print(pi(4500) % 10**50, powers(120) % 10**50, factorial % (2**127 - 1))
