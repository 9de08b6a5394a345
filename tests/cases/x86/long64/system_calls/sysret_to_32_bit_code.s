# SYSRET without REX.W returns to compatibility mode: CS is IA32_STAR[63:48] with level 3 and 32-bit code, EIP the low half of
# RCX (Intel SDM Vol. 2B, SYSRET). There 0x48 is DEC EAX, and not REX.W.

given star, 0x0078000000000000
given rcx, 0xffffffff00000000+program
given r11, CF|2
given rax, 5
expect rax, 4
expect rbx, 0x7b
expect rdx, 0x83
expect cs, 0x7b
expect ss, 0x83
expect cpl, 3
expect rflags, CF
expect rip, end

    .byte 0x0f, 0x07
    .code32
program:
    .byte 0x48                                  # dec eax
    mov ebx, cs
    mov edx, ss
end:
    hlt
