# An instruction that lies in two pages changes with either of them: its first byte in one, the end of its immediate in the
# next, and both by one store across the boundary (Intel SDM Vol. 3, 11.6).

expect rax, 0x11111111
expect rcx, 0x22111111
expect rdx, 0x22111111
expect rbx, 0x33333333
expect rdi, boundary
expect rsp, 0x1f0000
undefined CF|PF|AF|ZF|SF|OF

    lea rdi, [rip + boundary]
    call routine
    mov byte ptr [rdi + 2], 0x22                # In the second page: the highest byte
    mov byte ptr [rdi - 2], 0xb9                # In the first: mov ecx, imm32
    call routine
    mov byte ptr [rdi - 2], 0xba                # mov edx
    call routine
    mov byte ptr [rdi - 2], 0xbb                # mov ebx
    mov dword ptr [rdi - 1], 0x33333333
    call routine
    hlt
    .org 0xffe
routine:
    mov eax, 0x11111111
    ret
.set boundary, routine + 2
