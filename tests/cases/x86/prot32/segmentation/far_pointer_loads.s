# LDS, LES, LFS, LGS and LSS load offset and selector together, with offsets of 16 and of 32 bits; when the selector
# is bad neither changes (Intel SDM Vol. 2A, LDS).

.include "x86/prot32/faults.inc"

expect ds, kernel_data16
expect es, kernel_data16
expect fs, kernel_data16
expect gs, kernel_data16
expect ss, kernel_data16
expect rsp, 0x12345678
expect rax, 0x12345678
expect rbx, 0x1234f00d
expect rcx, 0x12345678
expect rdx, 0x12345678
expect rsi, 0x12345678

    watch_faults
    mov dword ptr [0x20000], 0x12345678
    mov dword ptr [0x20004], kernel_data16
    mov dword ptr [0x20008], 0x0038f00d
    mov dword ptr [0x20010], 0
    mov dword ptr [0x20014], 0xfff0
    .irp register, ds, es, fs, gs, ss
    refused general_protection, 0xfff0, l\register eax, [0x20010]
    .endr
    les eax, [0x20000]
    lfs ecx, [0x20000]
    lgs edx, [0x20000]
    lss esp, [0x20000]
    mov ebx, esp
    les bx, [0x20008]
    lds esi, [0x20000]
    hlt
