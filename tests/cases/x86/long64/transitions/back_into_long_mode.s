# With LME still set, setting PG again activates IA-32e mode at once: LMA comes back, the code goes on in
# compatibility mode, and a far jump leads to 64-bit mode (Intel SDM Vol. 3, 9.8.5).

expect rax, 0x123456789a
expect rbx, 0xd01
expect rcx, 0xc0000080
expect rdx, 0
expect rip, end

    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    mov eax, cr0
    btr eax, 31
    mov cr0, eax
    bts eax, 31
    mov cr0, eax
    mov ecx, 0xc0000080
    rdmsr
    mov ebx, eax
    jmp kernel_code64:wide
    .code64
wide:
    mov rax, 0x123456789a
end:
    hlt

undefined CF|PF|AF|ZF|SF|OF
