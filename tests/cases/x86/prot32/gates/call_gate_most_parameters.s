# A call gate copies up to 31 parameters, and from a 16-bit stack by SP alone; bits 7:5 of the count's byte mean
# nothing (Intel SDM Vol. 3, 5.8.3).

.include "x86/prot32/faults.inc"

descriptor stack16, 0xf3, 0xffff, 0x40000, 0
call_gate inner, kernel_code32, callee, 0xec, 0xff
ends_in_user_code
expect rax, user_data
expect rbx, 0x7000-(4+31)*4
expect_memory 0x7000-12, 4, 1
expect_memory 0x7000-8-31*4, 4, 31
expect_memory 0x7000-8, 2, 0xff00-31*4

    enter_user
    mov eax, stack16 + 3
    mov ss, ax
    mov esp, 0x5555ff00
    mov ecx, 1
push_one:
    push ecx
    inc ecx
    cmp ecx, 32
    jne push_one
    lcall inner:0
    mov eax, user_data
    mov ss, ax
    mov esp, 0x1e0000
    xor ecx, ecx
    hlt
callee:
    keep_inner_stack
    mov ebx, esp
    retf 31 * 4
