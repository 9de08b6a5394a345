# An inner stack without room for SS, ESP, parameters, CS and EIP is #SS with the selector of the new stack; just
# enough room is enough (Intel SDM Vol. 2A, CALL).

.include "x86/prot32/faults.inc"

descriptor code1, 0xbb
descriptor small1, 0xb3, 0xff, 0x40000, 4
call_gate inner, code1+1, callee, 0xec, 2
ends_in_user_code
expect rax, small1+1
expect_memory 0x40000, 16, (user_code32<<32)+back, 0x2222222211111111
expect_memory 0x40010, 8, (user_data<<32)+0x1e0000-8

    mov dword ptr [0x6010], small1 + 1
    watch_faults
    enter_user
    push 0x22222222
    push 0x11111111
    .irp room, 0, 4, 8, 16, 20, 23
    mov dword ptr [0x600c], \room
    refused stack_fault, small1, lcall inner:0
    .endr
    mov dword ptr [0x600c], 0x104           # The first push is beyond.
    refused stack_fault, small1, lcall inner:0
    mov dword ptr [0x600c], 24
    lcall inner:0
back:
    hlt
callee:
    mov eax, ss
    retf 8
