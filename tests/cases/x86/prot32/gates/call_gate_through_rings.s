# From CPL 3 to 1 and on to 0, each with its own stack of the TSS, and back with RETF (Intel SDM Vol. 3, 5.8.5 and
# 5.8.6).

.include "x86/prot32/faults.inc"

descriptor code1, 0xbb
descriptor data1, 0xb3
call_gate to_ring1, code1, ring1
call_gate to_ring0, kernel_code32, ring0, 0xac
ends_in_user_code
expect rax, kernel_data
expect rbx, data1+1
expect rcx, code1+1
expect rdx, kernel_code32
expect_memory 0x8000-16, 16, (user_code32<<32)+back3, (user_data<<32)+0x1e0000
expect_memory 0x7000-16, 16, ((code1+1)<<32)+back1, ((data1+1)<<32)+0x8000-16

    mov dword ptr [0x600c], 0x8000
    mov dword ptr [0x6010], data1 + 1
    enter_user
    lcall to_ring1:0
back3:
    hlt
ring1:
    mov ebx, ss
    mov ecx, cs
    lcall to_ring0:0
back1:
    retf
ring0:
    keep_inner_stack
    mov eax, ss
    mov edx, cs
    retf
