# x87 and MMX instructions of a program's that fault leave the register stack as it was, and the pointers to the last one
# (Intel SDM Vol. 1, 8.1.8, 8.1.10); they are done once their page is there.

.include "x86/long64/paging/paging.inc"
.set notes, 0x30000
given rbp, window

# found TOP, FIRST, SECOND: where the stack begins, and what is on it, in double precision.
.macro found top, first, second
    fnstsw [notes]
    fstp qword ptr [notes + 8]
    fstp qword ptr [notes + 16]
    expect_memory notes, 2, \top << 11
    expect_memory notes+8, 16, \first, \second
    .set notes, notes + 32
.endm

.set pi, 0x400921fb54442d18
.set one, 0x3ff0000000000000
.set two, 0x4000000000000000

    watch_page_faults
    mov byte ptr [window_pte + 24], 0
    flush_translations
    mov rax, two
    mov [window_page + 0x3000], rax

    .irp round, 0, 1, 2, 3
    user_refused by_user, window+0x3000, "fninit; fld1; fldpi; fadd qword ptr [rbp + 0x3000]"
    found 6, pi, one
    .endr
    user_refused by_user|by_write, window+0x3000, "fninit; fld1; fldpi; fstp tbyte ptr [rbp + 0x2ff8]"
    found 6, pi, one
    user_refused by_user, window+0x3000, "fninit; fld1; fldpi; movq mm0, [rbp + 0x3000]"
    found 6, pi, one
    user_refused by_user, window+0x3000, "fninit; fldpi; fld1; fild dword ptr [rbp + 0x3000]"
    mov byte ptr [window_pte + 24], everyone
    user_allowed "fmul qword ptr [rbp + 0x3000]"
    found 6, two, pi
    user_allowed "fninit; fldpi; fld qword ptr [rbp + 0x3000]; fstp tbyte ptr [rbp + 0x3010]; fld1"
    found 6, one, pi
    expect_memory window_page+0x3010, 16, 0x8000000000000000, 0x4000
    user_allowed "movq mm1, [rbp + 0x3000]; movq [rbp + 0x3020], mm1; emms"
    .irp register, rax, rcx, rdx
    mov \register, 0
    .endr
    fninit
    finish
undefined CF|PF|AF|ZF|SF|OF
