# An access beyond a segment's limit: #GP(0), through the stack segment #SS(0) (Intel SDM Vol. 3, 5.3). The base is
# added.

given ds_base, 0x20000
given ds_limit, 0xfff
faults general_protection, fault
expect ds_limit, 0xfff
expect_memory 0x20ffc, 4, 0x12345678

    mov dword ptr [0xffc], 0x12345678
fault:
    mov eax, [0xffd]
    hlt
