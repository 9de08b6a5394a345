# INVLPG does not access its operand: an absent page, a supervisor's page under SMAP and an address that is not
# canonical all do (Intel SDM Vol. 2, INVLPG). A program may not use it.

.include "x86/long64/paging/paging.inc"
given rbx, window
given rdx, 0x1234000000000000
expect rsi, 0                                   # The error code.
expect rdi, user_alias+fault

    watch_page_faults
    mov byte ptr [window_pte], 0
    turn_on cr4, smap_enable
    allowed "invlpg [rbx]"
    allowed "invlpg [rdx]"
    allowed "invlpg [rbx + 0x7fffffff]"
    turn_off cr4, smap_enable
    gate general_protection, on_general_protection
    user_allowed "fault: invlpg [rbx]"
    finish
on_general_protection:
    pop rsi
    mov rdi, [rsp]
    jmp .Lon_breakpoint
