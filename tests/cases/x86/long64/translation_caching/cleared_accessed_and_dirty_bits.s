# After accessed and dirty bits were cleared and the translation invalidated, the next access sets the accessed bits
# again, and only a write the dirty bit (Intel SDM Vol. 3, 4.8 and 4.10.4.2).

.include "x86/long64/paging/paging.inc"
given rbx, window
expect_memory 0x30000, 12, 0x2727272767272727, 0x27276727

# note ENTRY: its low byte.
.set notes, 0x30000
.macro note entry
    push rax
    mov al, [\entry]
    mov [notes], al
    pop rax
    .set notes, notes + 1
.endm

    watch_page_faults
    .irp invalidation, "invlpg [rbx]", "flush_translations"
    .irp instruction, "mov rcx, [rbx]", "mov [rbx], rcx", "mov rcx, [rbx]"
    mov byte ptr [window_pte], everyone
    mov byte ptr [window_pde], everyone
    \invalidation
    \instruction
    note window_pde
    note window_pte
    .endr
    .endr
    finish
