# IRETQ to the same level changes of RFLAGS what its level may: IF up to IOPL; IOPL, VIF and VIP at level 0 alone; VM never
# in 64-bit mode (Intel SDM Vol. 2A, IRET).

.include "x86/long64/privileged/attempts.inc"

.set all_but_tf, 0x7ffffeff
.set for_programs, CF|PF|AF|ZF|SF|DF|OF|NT|AC | 1 << 21 | 2
.set for_kernels, IF | 3 << 12 | 1 << 19 | 1 << 20

.macro returned_is level, image, value
    mov rax, rsp
    push attempts_data\level
    push rax
    push \image
    push attempts_code\level
    push offset .Lreturned\@
    iretq
.Lreturned\@:
    pushfq
    pop rax
    must_equal rax, (\value)
    push 2
    popfq
.endm

    catch_exceptions
    returned_is 0, all_but_tf, for_programs + for_kernels
    returned_is 0, 2, 2
    .irp iopl, 0, 1, 2, 3
    .irp level, 1, 2, 3
    enter_level \level, 2 + (\iopl << 12)
    .if \level <= \iopl
    returned_is \level, all_but_tf, for_programs + (\iopl << 12) + IF
    .else
    returned_is \level, all_but_tf, for_programs + (\iopl << 12)
    .endif
    leave_level
    .endr
    .endr
    enter_level 3, 2 + (1 << 19) + (1 << 20) + IF
    returned_is 3, 2, 2 + (1 << 19) + (1 << 20) + IF
    leave_level
    returned_is 0, 2, 2
    finish
