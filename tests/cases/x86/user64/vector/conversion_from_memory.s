# Conversions from a number in memory to a general register round as MXCSR says, or truncate; a NaN gives the indefinite
# integer (Intel SDM Vol. 2A, CVTSD2SI).

given mxcsr, 0x5f80             # round up
expect rax, 3
expect rcx, 2
expect rdx, 3
expect rsi, 0x8000000000000000
expect mxcsr, 0x5fa1

    cvtsd2si eax, [number]
    cvttsd2si rcx, [number]
    cvtss2si edx, [number_single]
    cvttss2si rsi, [not_a_number]
    hlt
    .balign 8
number:
    .double 2.25
number_single:
    .float 2.25
not_a_number:
    .long 0x7fc00000
