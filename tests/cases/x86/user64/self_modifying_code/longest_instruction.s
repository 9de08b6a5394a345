# The last byte of an instruction of 15 bytes counts as any other (Intel SDM Vol. 3, 11.6).

expect rax, 0x7f00000f
expect rcx, 0x7f00000f
expect rdx, 0x0f

    call routine
    mov edx, eax
    mov byte ptr [rip + routine + 14], 0x7f
    call routine
    mov ecx, eax
    hlt
routine:
    .fill 10, 1, 0x2e                           # CS prefixes, which do nothing
    mov eax, 0x0000000f
    ret
