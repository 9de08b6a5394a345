# RDFSBASE, RDGSBASE, WRFSBASE and WRGSBASE raise #UD unless CR4.FSGSBASE is set; then every level may use them. The 32-bit
# forms clear the upper half, and a base that is not canonical raises #GP(0) (Intel SDM Vol. 2B, RDFSBASE; Vol. 2D, WRFSBASE).

.include "x86/long64/privileged/attempts.inc"

expect cr4, 0x50620

.macro bases_can_be_set letter
    mov rax, 0xffff800012345678
    attempt no_exception, wr\letter\()sbase rax
    attempt no_exception, rd\letter\()sbase rbx
    must_equal rbx, 0xffff800012345678
    mov rbx, -1
    attempt no_exception, rd\letter\()sbase ebx
    must_equal rbx, 0x12345678
    attempt no_exception, wr\letter\()sbase eax
    attempt no_exception, rd\letter\()sbase rbx
    must_equal rbx, 0x12345678
    mov rax, 0x0000800000000000
    attempt protection, wr\letter\()sbase rax
    attempt no_exception, rd\letter\()sbase rbx
    must_equal rbx, 0x12345678
.endm

    catch_exceptions
    .irp level, 0, 3
    enter_level \level
    .irp instruction, rdfsbase, rdgsbase, wrfsbase, wrgsbase
    attempt illegal, \instruction rax
    attempt illegal, \instruction eax
    .endr
    leave_level
    .endr
    mov rax, cr4
    or rax, 1 << 16
    mov cr4, rax
    .irp level, 0, 1, 2, 3
    enter_level \level
    bases_can_be_set f
    bases_can_be_set g
    leave_level
    .endr

    enter_level 3, code=user_code32
    .code32
    .irp modrm, 0xc0, 0xc8, 0xd0, 0xd8
    attempt illegal, .byte 0xf3, 0x0f, 0xae, \modrm             # None of them exists in compatibility mode.
    .endr
    leave_level
    .code64
    finish
