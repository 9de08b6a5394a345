# Code that has run in a large segment still meets the limit of a smaller one with the same base: #GP(0) at an instruction that
# begins, or only ends, beyond it (Intel SDM Vol. 3, 5.3).

.include "x86/prot32/faults.inc"

descriptor narrow, 0x9b, second-image_start+image-1, 0, 4
descriptor wider, 0x9b, second-image_start+image+1, 0, 4
expect rax, 0x200
expect rdx, narrowed
expect cs, wider

    watch_faults
    mov edx, offset again
    jmp first
again:
    mov edx, offset narrowed
    jmp first
narrowed:
    mov dword ptr [resume_at], offset 1f
    ljmp narrow:first
1:  note_is noted_vector, general_protection
    note_is noted_rip, offset second
    mov dword ptr [resume_at], offset 2f
    ljmp wider:first
2:  note_is noted_rip, offset second
    hlt
    .org image_start + 0x700
first:
    nop
second:
    add eax, 0x100
    jmp edx
