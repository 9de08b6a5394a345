# RDMSR and WRMSR of a register that does not exist raise #GP(0) and leave EDX:EAX alone; all 32 bits of ECX count, and no
# more (Intel SDM Vol. 2B, RDMSR).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    mov rax, 0x1111111122222222
    mov rdx, 0x3333333344444444
    .irp number, 0x2, 0x3, 0xff, 0x12345, 0x210, 0x251, 0x270, 0x2fe, 0x4000ffff, 0x80000080, 0xc0000000, 0xc0000085, 0xc0000104
    mov ecx, \number
    attempt protection, rdmsr
    attempt protection, wrmsr
    .endr
    must_equal rax, 0x1111111122222222
    must_equal rdx, 0x3333333344444444
    mov rcx, 0xffffffffc0000080
    attempt no_exception, rdmsr
    must_equal rax, 0xd01
    must_equal rdx, 0
    finish
