# 16 KiB of INC and a jump to what follows, with returns in between, entered at every address: each is the start of a
# block of its own, at odd ones of instructions that nobody wrote. Between two passes all of it is written anew.

given rdi, 0x40000
given rbx, 0
expect rcx, 0xaa00
expect rdx, 2
expect rsi, 0x44000
expect rax, 0xaa00
undefined CF|PF|AF|ZF|SF|OF

    mov edx, 0
pass:
    mov esi, 0x40000
fill:
    .irp at, 0, 4, 8, 12, 16, 20, 24
    mov dword ptr [rsi + \at], 0xebc0ff         # inc eax; jmp to the next one
    .endr
    mov dword ptr [rsi + 28], 0xc3c3c3c3
    add esi, 32
    cmp esi, 0x44000
    jne fill
    mov esi, 0x40000
    mov eax, 0
next:
    call rsi
    inc esi
    cmp esi, 0x44000
    jne next
    inc edx
    cmp edx, 2
    jne pass
    mov ecx, eax
    mov ebx, 0
    hlt
