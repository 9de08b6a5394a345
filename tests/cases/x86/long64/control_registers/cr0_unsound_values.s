# MOV to CR0 raises #GP(0), and changes nothing, for paging without protection, NW without CD, a bit in the upper half, and
# for paging switched off in 64-bit mode (Intel SDM Vol. 2B, MOV—Move to/from Control Registers; Vol. 3, 2.5 and 9.8.5.4).

.include "x86/long64/privileged/attempts.inc"

.set CD, 1 << 30
.set NW, 1 << 29

    catch_exceptions
    mov rbx, cr0
    lea rax, [rbx - 1]                          # No PE
    attempt protection, mov cr0, rax
    mov rax, rbx
    btr rax, 31
    attempt protection, mov cr0, rax
    dec rax
    attempt protection, mov cr0, rax
    mov rax, rbx
    bts rax, 29
    attempt protection, mov cr0, rax
    .irp bit, 32, 33, 47, 62, 63
    mov rax, rbx
    bts rax, \bit
    attempt protection, mov cr0, rax
    .endr
    mov rax, cr0
    must_equal rax, 0x80010033
    mov rax, rbx
    or eax, CD
    attempt no_exception, mov cr0, rax
    or eax, NW
    attempt no_exception, mov cr0, rax
    mov rax, cr0
    must_equal rax, 0xe0010033
    attempt no_exception, mov cr0, rbx
    finish
