# FNSTSW, FNSTCW and FNCLEX do not report an x87 error that waits, and FNCLEX takes it away (Intel SDM Vol. 1, 8.3.11 and 8.6).

given fcw, 0x37b                        # Division by zero is unmasked.
given rbx, 0x20000
expect rax, 0xb084
expect fsw, 0x3000
expect_memory 0x20000, 4, 0x3000037b

    fld1
    fldz
    fdiv st(1), st(0)
    fnstsw ax
    fnstcw [rbx]
    fnclex
    fwait
    fnstsw [rbx + 2]
    hlt
