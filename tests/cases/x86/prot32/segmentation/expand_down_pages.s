# The limit of an expand-down segment also counts pages when G is set, and its low bits are ones: with 1 the first
# valid offset is 2000H, and with FFFFFH none is (Intel SDM Vol. 3, 3.4.5.1).

.include "x86/prot32/faults.inc"

descriptor downward, 0x97, 1, 0x20000, 0xc
descriptor nothing, 0x97, 0xfffff, 0x20000, 0xc
expect rax, nothing
expect fs, downward
expect gs, nothing
expect_memory 0x22000, 1, 0x11

    watch_faults
    mov eax, downward
    mov fs, ax
    mov byte ptr fs:[0x2000], 0x11
    refused general_protection, 0, mov byte ptr fs:[0x1fff], -1
    mov eax, nothing
    mov gs, ax
    refused general_protection, 0, mov byte ptr gs:[0], -1
    refused general_protection, 0, mov byte ptr gs:[0x2000], -1
    refused general_protection, 0, mov byte ptr gs:[0xffffffff], -1
    hlt
