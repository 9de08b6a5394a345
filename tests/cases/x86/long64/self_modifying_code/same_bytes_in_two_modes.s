# The same bytes at the same address, executed in turn as 64-bit and as 32-bit code: 0x48 is REX.W there and DEC EAX here, and
# 0x67 takes 32-bit or 16-bit addresses (Intel SDM Vol. 2A, 2.2.1).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    mov r8d, 3
again:
    mov rax, 0x100000000
    mov rcx, rax
    call shared
    must_equal rax, 0x200000000                 # add rax, rcx
    enter_level 0, code=kernel_code32
    .code32
    mov eax, 10
    mov ecx, 5
    call shared
    must_equal eax, 14                          # dec eax; add eax, ecx
    leave_level
    .code64
    dec r8d
    jnz again
    finish
shared:
    .byte 0x48, 0x01, 0xc8
    .byte 0xc3
