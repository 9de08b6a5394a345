# LGDT and LIDT with 16-bit operands load only 24 bits of the base; SGDT and SIDT store six bytes with either size,
# all of which must lie within the segment (Intel SDM Vol. 2, LGDT and SGDT).

.include "x86/prot32/faults.inc"

descriptor five_bytes, 0x93, 4, 0x20020, 4
expect gdtr_limit, 0xfff
expect idtr_limit, 0x1ff
expect gdtr_base, 0xab1234
expect idtr_base, 0xcdab5678
expect fs, five_bytes
expect rax, five_bytes
expect_memory 0x20010, 6, 0xcdab567801ff
expect_memory 0x20018, 8, 0xffff00ab12340fff

    watch_faults
    mov eax, five_bytes
    mov fs, ax
    .irp instruction, sgdt, sidt, lgdt, lidt
    refused general_protection, 0, \instruction fs:[0]
    .endr
    mov dword ptr [0x20000], 0x12340fff
    mov dword ptr [0x20004], 0xcdab
    mov dword ptr [0x20008], 0x567801ff
    mov dword ptr [0x2000c], 0xcdab
    mov dword ptr [0x20018], -1
    mov dword ptr [0x2001c], -1
    data16 lgdt [0x20000]
    lidt [0x20008]
    sidt [0x20010]
    data16 sgdt [0x20018]
    hlt
