# An expand-down segment with B set holds the offsets above its limit, up to 4 GiB: the limit itself is outside
# (Intel SDM Vol. 3, 3.4.5.1 and 5.3).

.include "x86/prot32/faults.inc"

descriptor downward, 0x97, 0x1fff, 0x20000, 4
expect rax, downward
expect fs, downward
expect_memory 0x21ffc, 4, 0
expect_memory 0x22000, 4, 0x12345678
expect_memory 0x20000-16, 4, 0x55aa55aa             # Offset -16 wraps to below the base.

    watch_faults
    mov eax, downward
    mov fs, ax
    mov dword ptr fs:[0x2000], 0x12345678
    mov dword ptr fs:[0xfffffff0], 0x55aa55aa
    refused general_protection, 0, mov byte ptr fs:[0x1fff], -1
    refused general_protection, 0, mov word ptr fs:[0x1fff], -1     # One byte inside does not help.
    refused general_protection, 0, mov dword ptr fs:[0x1ffd], -1
    refused general_protection, 0, mov byte ptr fs:[0], -1
    hlt
