# Each access goes by what its segment register holds then (Intel SDM Vol. 3, 3.4.3): DS is flat, has a base and a limit, and
# is flat again.

.include "x86/prot32/faults.inc"

descriptor based, 0x93, 0xfff, 0x8000, 4
given rsi, 0x100
given rdi, 0x8100
expect rax, 0x22222222
expect rbx, based
expect rcx, 0x11111111
expect rdx, 0x22222222
expect rbp, 0x11111111
expect_memory 0x8104, 4, 0x33333333
expect_memory 0x104, 4, 0x44444444

    mov dword ptr [esi], 0x11111111
    mov dword ptr [edi], 0x22222222
    mov ebx, based
    mov eax, [edi]
    mov ecx, [esi]
    mov ds, ebx
    mov edx, [esi]
    mov dword ptr [esi + 4], 0x33333333
    mov ebp, kernel_data
    mov ds, ebp
    mov ebp, [esi]
    mov dword ptr [esi + 4], 0x44444444
    hlt
