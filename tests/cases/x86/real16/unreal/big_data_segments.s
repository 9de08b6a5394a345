# A limit of 4 GiB that a data segment got in protected mode stays when PE is cleared: 32-bit offsets reach all of
# memory from real mode (Intel SDM Vol. 3, 3.4.3 and 9.9.2: the hidden parts change only when a segment register is
# loaded).

.include "x86/real16/unreal/unreal.inc"

expect rax, 0x60000010
given rbx, 0x100000
expect es, kernel_data
expect rcx, 0x12345678
expect rdi, 0x100008
expect_memory 0x100000, 8, 0x1234567812345678


    load_in_protected_mode es, kernel_data
    mov dword ptr es:[ebx], 0x12345678
    mov ecx, es:[ebx]
    lea edi, [ebx + 4]
    xchg eax, ecx
    stos dword ptr es:[edi], eax
    xchg eax, ecx
    hlt
