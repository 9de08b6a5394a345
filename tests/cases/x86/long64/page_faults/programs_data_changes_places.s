# A path of a program on which two dozen pointers lead to the lower part of its addresses, then to the upper part, then to
# both by turns, and then to what lies between as well, reads the same memory each time (Intel SDM Vol. 3, 4.5).

.include "x86/long64/page_faults/distant_stacks.inc"
.set pointers, 24
.set rounds_in_a_place, 32
.set values, window_page+0x1000
.set in_low, window+0x1000
expect rdi, 4*rounds_in_a_place*pointers*(pointers+1)/2

.macro following
    lea r12, [rip + .Ltables\@]
    mov ebp, 4
.Lplace\@:
    mov ecx, rounds_in_a_place
.Lround\@:
    .set at, 0
    .rept pointers / 2
    mov rsi, [r12 + at]
    add rdi, [rsi]
    .set at, at + 8
    .endr
    call .Lrest\@
    dec ecx
    jnz .Lround\@
    add r12, pointers * 8
    dec ebp
    jnz .Lplace\@
    jmp .Lend\@
.Lrest\@:
    .rept pointers / 2
    mov rsi, [r12 + at]
    add rdi, [rsi]
    .set at, at + 8
    .endr
    ret
.Ltables\@:
    table in_low, in_low, in_low, in_low
    table upper+values, upper+values, upper+values, upper+values
    table in_low, upper+values, upper+values, in_low
    table upper+values, user_alias+values, in_low, user_alias+values
.Lend\@:
.endm

.macro table places:vararg
    .set at, 0
    .rept pointers / 4
    .irp place, \places
    .quad \place + at
    .set at, at + 8
    .endr
    .endr
.endm

    watch_page_faults
    map_distant_stacks
    .set at, 0
    .rept pointers
    mov qword ptr [values + at], at / 8 + 1
    .set at, at + 8
    .endr
    user_allowed "following"
    .irp register, rax, rcx, rsi, rbp, r12
    mov \register, 0
    .endr
    finish
undefined CF|PF|AF|ZF|SF|OF
