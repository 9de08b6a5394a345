# An expand-down segment with B clear ends at FFFFH, and nothing above belongs to it (Intel SDM Vol. 3, 3.4.5.1 and
# 5.3).

.include "x86/prot32/faults.inc"

descriptor downward, 0x97, 0xefff, 0x20000, 0
expect rax, downward
expect fs, downward
expect_memory 0x2f000, 1, 0x11
expect_memory 0x2fffc, 8, 0x44332211

    watch_faults
    mov eax, downward
    mov fs, ax
    mov byte ptr fs:[0xf000], 0x11
    mov dword ptr fs:[0xfffc], 0x44332211
    refused general_protection, 0, mov dword ptr fs:[0xfffd], -1
    refused general_protection, 0, mov word ptr fs:[0xffff], -1
    refused general_protection, 0, mov byte ptr fs:[0x10000], -1
    refused general_protection, 0, mov byte ptr fs:[0x1f000], -1
    refused general_protection, 0, mov byte ptr fs:[0xefff], -1
    hlt
