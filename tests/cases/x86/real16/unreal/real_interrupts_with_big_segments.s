# With PE clear, interrupts go through the vector table of real mode whatever the segments hold, with frames of
# three words; the handler may load DS and load it back, and it is still big (Intel SDM Vol. 3, 20.1.4).

.include "x86/real16/unreal/unreal.inc"

expect rax, 0x60000010
expect ds, 0
expect ds_limit, 0xffffffff
expect rcx, 0x6ffa
expect rdx, 0x1100
expect_memory 0x100100, 2, 0x1100

    load_in_protected_mode ds, kernel_data
    mov word ptr [0x21 * 4], offset handler
    mov dx, 0x1100
    int 0x21
    mov ebx, 0x100100
    mov [ebx], dx
    xor ebx, ebx
    hlt
handler:
    mov cx, sp
    push 0
    pop ds
    iret
