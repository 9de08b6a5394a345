# Instructions that push where the stack cannot be written leave RSP and RIP where they were; CR2 is where they would
# have written (Intel SDM Vol. 3, 6.5).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1000

# each INSTRUCTION...: the same comes of all of them.
.macro each instructions:vararg
    .irp instruction, \instructions
    refused for_protection|by_write, window+0xff8, "mov rsp, rbx; 1: \instruction"
    restarts 1b, window+0x1000
    .endr
.endm

    watch_page_faults
    mov byte ptr [window_pte], present
    flush_translations
    each "push rax", "push 5", "pushfq", "push gs", "push qword ptr [0x10000]", "call rbx", "call done"
    each "call qword ptr [0x10000]", "enter 0, 0"
    refused for_protection|by_write, window+0xffe, "mov rsp, rbx; 1: push ax"
    restarts 1b, window+0x1000
done:
    finish
