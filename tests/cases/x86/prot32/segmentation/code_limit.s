# A near branch beyond the limit of CS is #GP(0) at the branch; an instruction whose bytes reach beyond it is #GP(0)
# at the instruction (Intel SDM Vol. 3, 5.3; Vol. 2A, JMP).

.include "x86/prot32/faults.inc"

descriptor narrow, 0x9b, last-image_start+image, 0, 4
expect cs, narrow
expect rax, 0x11
faults general_protection, last

    watch_faults
    ljmp narrow:here
here:
    refused general_protection, 0, jmp beyond
    refused general_protection, 0, call beyond
    mov eax, offset beyond
    refused general_protection, 0, jmp eax
    push eax
    refused general_protection, 0, ret
    pop eax
    mov eax, 0x11
    jmp last
    .org image_start + 0x700
last:
    mov eax, 1                              # Only its first byte lies within.
beyond:
    hlt
