# A far call enters code that was just written through a data segment, by way of a code segment with a base of its own; then it
# is written again through the stack (Intel SDM Vol. 3, 11.6).

given gdtr_limit, 0x5f
expect rax, 0x11
expect rbx, 0x12
expect cs, kernel_code32
undefined CF|PF|AF|ZF|SF|OF

    mov dword ptr [0x658], 0x8000ffff           # Code with base 0x28000
    mov dword ptr [0x65c], 0x00cf9b02
    mov dword ptr [0x28100], 0x000011b8         # mov eax, 0x11; retf
    mov word ptr [0x28104], 0xcb00
    call 0x58:0x100
    mov ebx, eax
    mov ecx, esp
    mov esp, 0x28104
    push 0x000012b8
    mov esp, ecx
    xor ecx, ecx
    call 0x58:0x100
    xchg eax, ebx
    hlt
