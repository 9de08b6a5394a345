# The return address that a far CALL pushes over code changes it: with 16-bit operands CS and IP make the immediate of a MOV
# that ran before (Intel SDM Vol. 2A, CALL; Vol. 3, 11.6).

.set routine, 0x9001
.set target, 0x8100

expect rbx, 0x11111111
expect rcx, back+(kernel_code32-1)*0x10000
expect rsp, 0x1f0000
undefined CF|PF|AF|ZF|SF|OF

    mov word ptr [target], 0xe6ff               # jmp esi
    mov dword ptr [routine], 0x111111b9         # mov ecx, 0x11111111; ret
    mov word ptr [routine + 4], 0xc311
    mov edi, routine
    call edi
    mov ebx, ecx
    mov esi, offset back
    mov ebp, esp
    mov esp, routine + 5
    .byte 0x66, 0x9a
    .word target, kernel_code32
back:
    mov esp, ebp
    call edi
    xor ebp, ebp
    xor esi, esi
    xor edi, edi
    hlt
