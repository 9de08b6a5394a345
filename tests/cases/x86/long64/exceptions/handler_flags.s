# An interrupt gate clears IF, a trap gate leaves it; both clear TF, NT and RF and keep the rest, and the frame has all of them
# (Intel SDM Vol. 3, 6.12.1.2). IRETQ brings them back.

    .macro try kind, into
    mov byte ptr [interrupt_table + 0x20 * 16 + 5], \kind
    push NT|IF|DF|OF|AC|CF|2|0x3000
    popfq
    int 0x20
    mov \into, rbx
    .endm

    mov word ptr [interrupt_table + 0x20 * 16], offset handler - 0x10000
    mov word ptr [interrupt_table + 0x20 * 16 + 6], 1
    try 0x8e, rsi
    try 0x8f, rdi
    cli
    hlt
handler:
    pushfq
    pop rbx
    mov rcx, [rsp + 16]
    mov qword ptr [rsp + 16], DF|SF|IF|2
    iretq

expect rcx, NT|IF|DF|OF|AC|CF|2|0x3000
expect rsi, DF|OF|AC|CF|2|0x3000
expect rdi, IF|DF|OF|AC|CF|2|0x3000
expect rbx, IF|DF|OF|AC|CF|2|0x3000
expect rflags, DF|SF
