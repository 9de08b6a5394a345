# INT n, INT3 and INT1 push the address behind them, and RF clear even when IRET has just set it for them: an instruction clears
# RF when it begins (Intel SDM Vol. 3, 17.3.1.1).

.include "x86/long64/event_log.inc"

    .macro with_resume_flag target
    mov rcx, rsp
    push kernel_data
    push rcx
    push RF|CF|2
    push kernel_code64
    push offset \target
    iretq
    .endm

    log_events 0x20, breakpoint, debug_exception
    with_resume_flag 1f
1:  int 0x20
2:  with_resume_flag 3f
3:  int3
4:  with_resume_flag 5f
5:  .byte 0xf1
6:  logged 0x20, 0, 2b, CF|2
    logged breakpoint, 0, 4b, CF|2
    logged debug_exception, 0, 6b, CF|2

expect rcx, 0x1f0000
expect rflags, CF
    all_logged
