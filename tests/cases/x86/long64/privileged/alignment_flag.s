# CLAC and STAC change AC and nothing else, at level 0 alone: elsewhere they raise #UD (Intel SDM Vol. 2A, CLAC), as they do
# behind a prefix that is none of theirs.

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    push CF|PF|AF|ZF|SF|OF|DF|2
    popfq
    attempt no_exception, stac
    pushfq
    pop rax
    must_equal rax, CF|PF|AF|ZF|SF|OF|DF|AC|2
    attempt no_exception, clac
    pushfq
    pop rax
    must_equal rax, CF|PF|AF|ZF|SF|OF|DF|2
    .irp prefix, 0x66, 0xf2, 0xf3, 0xf0
    attempt illegal, .byte \prefix, 0x0f, 0x01, 0xca
    attempt illegal, .byte \prefix, 0x0f, 0x01, 0xcb
    .endr
    .irp level, 1, 2, 3
    enter_level \level, 0x3002
    attempt illegal, stac
    attempt illegal, clac
    leave_level
    .endr
    finish
