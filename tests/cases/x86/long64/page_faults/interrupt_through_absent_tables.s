# Faults in reading the IDT or the handler's descriptor for an event of a program are the supervisor's reads, and leave
# the program at its instruction (Intel SDM Vol. 3, 4.6.1).

.include "x86/long64/paging/paging.inc"

    watch_page_faults
    split_gdt
    gate 0x80, .Lon_breakpoint, 0xee
    mov word ptr [interrupt_table + 0x80 * 16 + 2], split_selector & ~3
    mov dword ptr [window_page + 0x1004], 0x00af9b00    # Selector 0x40 is the supervisor's code now.
    user_allowed "int 0x80"
    mov byte ptr [window_pte + 8], 0
    flush_translations
    user_refused 0, window+0x1000, "1: int 0x80"
    restarts user_alias+1b, user_alias+0x1e0000
    # The IDT from the middle of its page on, so that vector 0x80 is in the next page.
    gate 0x80+page_fault, .Lon_page_fault, 0x8e, 1
    gate 0x80+breakpoint, .Lon_breakpoint, 0xee
    mov dword ptr [window_pte + 8], 0x1000 + everyone
    mov dword ptr [window_pte + 16], 0
    flush_translations
    lidt [rip + interrupts]
    user_allowed "nop"
    user_refused 0, window+0x2000, "1: int 0x80"
    restarts user_alias+1b, user_alias+0x1e0000
    finish
interrupts:
    .word 0xfff
    .quad window + 0x1800
