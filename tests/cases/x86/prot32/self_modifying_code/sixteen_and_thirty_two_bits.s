# The same bytes at the same linear address, executed in turn by way of a 32-bit and of a 16-bit code segment: immediates have
# different sizes (Intel SDM Vol. 3, 3.4.5, D/B).

.set shared, 0x8000
.set way_back, 0x8100

given rdi, 3
expect rdi, 0
expect rax, 0x2566a
expect rbx, 3*0x12345678
expect rcx, 3*0x2566a
expect rdx, way_back
expect rflags, ZF|PF
undefined AF

    mov dword ptr [shared], 0x345678b8          # mov eax, 0x12345678, or mov ax, 0x5678 and xor al, 0x12;
    mov dword ptr [shared + 4], 0x00e2ff12      # jmp edx or dx
    mov word ptr [way_back], 0xea66             # In 16-bit code a far jump to 32-bit code
    mov dword ptr [way_back + 2], offset back
    mov word ptr [way_back + 6], kernel_code32
again:
    mov edx, offset wide
    jmp kernel_code32:shared
wide:
    add ebx, eax
    mov eax, 0x20000
    mov edx, way_back
    jmp kernel_code16:shared
back:
    add ecx, eax
    dec edi
    jnz again
    hlt
