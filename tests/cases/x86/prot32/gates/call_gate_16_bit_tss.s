# With a 16-bit TSS the inner stack is the SS:SP of that format, and SP is zero-extended (Intel SDM Vol. 3, 7.6).

.include "x86/prot32/faults.inc"

descriptor task16, 0x81, 0x2b, 0x21000, 0
call_gate inner, kernel_code32, callee
ends_in_user_code
expect tr, task16
expect rax, 0x7ff0
expect rcx, kernel_data
expect_memory 0x7ff0, 8, (user_code32<<32)+back
expect_memory 0x7ff8, 8, (user_data<<32)+0x1e0000

    mov dword ptr [0x21002], 0x8000 + kernel_data * 0x10000     # SP0 and SS0
    mov eax, task16
    ltr ax
    enter_user
    lcall inner:0
back:
    hlt
callee:
    mov eax, esp
    mov ecx, ss
    mov word ptr ss:[0x21002], 0x7c00    # What is on the stack shall stay.
    retf
