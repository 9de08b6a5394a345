# With CR0.AM and RFLAGS.AC set a misaligned access at CPL 3 raises #AC with error code 0; aligned ones, and bytes, do not (Intel
# SDM Vol. 3, interrupt 17).

given cr0, 0x80050033
given rflags, AC|2
given rbx, 0x20000
faults 17, fault
expect cr0, 0x80050033
expect rflags, AC

    mov al, [rbx + 1]
    mov ax, [rbx + 2]
    mov eax, [rbx + 4]
    mov rax, [rbx + 8]
    movups xmm0, [rbx + 16]
    movq xmm0, [rbx + 24]
    fld tbyte ptr [rbx + 8]
    fstp st(0)

fault:
    mov [rbx + 2], eax
    hlt
