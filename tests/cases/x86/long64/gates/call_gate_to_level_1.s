# At level 1 the stack is RSP1 and the null SS has RPL 1; on from there to level 0 the gate pushes that selector, and
# RETFQ loads it again (Intel SDM Vol. 3, 5.8.5.1 and 6.14.3).

.include "x86/long64/faults.inc"

descriptor code1, 0xbb, 0xfffff, 0, 0xa
call_gate64 to_level1, code1, level1
call_gate64 to_level0, kernel_code64, level0, 0xac
ends_in_user_code
expect rax, 1
expect rbx, 0
expect rcx, 1
expect rdx, code1+1
expect_memory 0x8000-32, 16, back3, user_code64
expect_memory 0x7000-32, 16, back1, code1+1
expect_memory 0x7000-16, 16, 0x8000-32, 1

    mov dword ptr [0x600c], 0x8000
    mov dword ptr [0x20004], to_level1
    mov dword ptr [0x2000c], to_level0
    enter_user
    call fword ptr [0x20000]
back3:
    hlt
level1:
    mov eax, ss
    call fword ptr [0x20008]
back1:
    mov ecx, ss
    mov edx, cs
    retfq
level0:
    keep_inner_stack
    mov ebx, ss
    retfq
