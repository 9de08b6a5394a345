# A code segment with both L and D set is reserved: a far JMP to it is #GP with its selector, and so are RETF and
# IRET (Intel SDM Vol. 3, 5.2.1; Vol. 2, JMP, RET, IRET).

given gdtr_limit, 0x67
expect rbx, 0x585858
expect rax, 0x58
expect rsi, end
expect rip, end
expect rsp, 0x1f0000-56

    mov dword ptr [0x658], 0x0000ffff
    mov dword ptr [0x65c], 0x00ef9b00
    mov word ptr [interrupt_table + 13 * 16], offset handler - 0x10000
    mov word ptr [interrupt_table + 13 * 16 + 6], 1
    lea rsi, [rip + 1f]
    jmp fword ptr [rip + pointer]
1:  push 0x58
    push offset 2f
    lea rsi, [rip + 2f]
    retfq
2:  push kernel_data
    push rsp
    pushfq
    push 0x58
    push offset end
    lea rsi, [rip + end]
    iretq
end:
    hlt
pointer:
    .long 1b
    .word 0x58
handler:
    shl ebx, 8
    pop rax
    or ebx, eax
    mov [rsp], rsi
    iretq
