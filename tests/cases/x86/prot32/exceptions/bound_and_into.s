# BOUND within its bounds goes on; INTO, which completes as INT does, traps on OF (Intel SDM Vol. 2A).

given rax, 5
faults overflow, after
expect rax, 0x80000000
expect rflags, OF|SF|PF|AF
expect retired, 4

    bound eax, [limits]
    mov eax, 0x7fffffff
    inc eax
    into
after:
    hlt
limits:
    .long -1, 5
