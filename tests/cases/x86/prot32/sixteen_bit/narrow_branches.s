# A near branch with a 16-bit operand in 32-bit code clears the upper half of EIP; CALL pushes and RET pops only IP
# (Intel SDM Vol. 2, JMP, CALL, RET).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

expect rip, end-code_origin
expect rax, returned-code_origin
expect rcx, 0x1efffe
expect rdx, 5

    mov esi, code_origin        # A copy of the code in the first 64 KiB.
    xor edi, edi
    mov ecx, 0x100
    rep movsb
    .irp label, jumped, routine, end    # The original must not be reached again.
    mov word ptr [\label], 0x0b0f       # ud2
    .endr
    mov esp, 0x1f0000
    mov edx, 5
    .byte 0x66, 0xeb, 0         # jmp
jumped:
    .byte 0x66, 0xe8            # call
    .word routine - returned
returned:
    hlt
    .org 0x80
routine:
    mov ecx, esp
    movzx eax, word ptr [esp]
    mov word ptr [esp], offset end - code_origin
    .byte 0x66, 0xc3            # ret
end:
    hlt

expect rsi, code_origin+0x100
expect rdi, 0x100
undefined ZF|PF|CF|SF|AF|OF
