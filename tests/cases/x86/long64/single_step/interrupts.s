# An event clears TF for its handler, and the image that it pushes has it. INT n, INT3 and INT1 bring no trap of their own, not
# at the handler, nor behind IRET, which began with TF clear; that is the next instruction's (Intel SDM Vol. 3, 17.3.1.4 and
# 6.8.1). INT1 leaves DR6 alone.

.include "x86/long64/event_log.inc"

    log_events debug_exception
    catch 0x20, handler
    catch breakpoint, handler
    step
    int 0x20
    traps debug_exception, BS, nop
    int3
    traps debug_exception, BS, nop
    .byte 0xf1
    logged debug_exception, 0, 1f, TF|PF|2
1:  traps debug_exception, BS, nop
    stop
    all_logged
handler:
    xchg rax, [rsp + 16]
    add [rip + images], rax
    xchg rax, [rsp + 16]
    iretq
    .balign 8
images:
    .quad 0

given rflags, PF|2
expect rflags, PF
expect_memory images, 8, (TF|PF|2)*2
