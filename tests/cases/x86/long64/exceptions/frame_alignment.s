# In long mode the frame begins below RSP rounded down to 16, whichever stack it goes to, and IRETQ brings the old RSP back
# (Intel SDM Vol. 3, 6.14.2).

    mov qword ptr [0x6000 + 0x24], 0x1e0007
    mov word ptr [interrupt_table + 0x20 * 16], offset handler - 0x10000
    mov word ptr [interrupt_table + 0x20 * 16 + 6], 1
    mov rsp, 0x1f0009
    int 0x20
    mov rsi, rbx
    mov rsp, 0x1f000f
    int 0x20
    mov rdi, rbx
    mov byte ptr [interrupt_table + 0x20 * 16 + 4], 1
    int 0x20
    hlt
handler:
    mov rbx, rsp
    mov rcx, [rsp + 24]
    iretq

expect rsp, 0x1f000f
expect rsi, 0x1f0000-40
expect rdi, 0x1f0000-40
expect rbx, 0x1e0000-40
expect rcx, 0x1f000f
