# INT3, INTO and BOUND in real mode: the first two push IP of the instruction behind, the last its own (Intel SDM
# Vol. 3, 6.15, interrupts 3 to 5). IOPL and descriptors play no part.

given rflags, OF|2
given rax, 9
expect rsi, after_int3
expect rdi, after_into
expect rbx, bound
expect rsp, 0x6ffa
expect rflags, OF

    mov word ptr [3 * 4], offset on_int3
    mov word ptr [4 * 4], offset on_into
    mov word ptr [5 * 4], offset on_bound
    int3
after_int3:
    into
after_into:
bound:
    bound ax, [limits]
    hlt
on_int3:
    mov bp, sp
    mov si, [bp]
    iret
on_into:
    mov bp, sp
    mov di, [bp]
    iret
on_bound:
    mov bp, sp
    mov bx, [bp]
    mov bp, 0
    hlt
limits:
    .word 0, 8
