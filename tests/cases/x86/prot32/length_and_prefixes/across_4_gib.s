# An instruction that would begin at the end of a 4 GiB segment and end at its start: #GP(0), at the instruction (checked on the
# CPU; Intel SDM Vol. 3, 5.3, leaves it open).

.include "x86/prot32/faults.inc"

descriptor based, 0x9b, 0xfffff, 0x20000
expect cs, based
faults general_protection, 0xffffffff

    mov byte ptr [0x1ffff], 0xff
    mov byte ptr [0x20000], 0xc0            # inc eax
    ljmp based:0xffffffff
