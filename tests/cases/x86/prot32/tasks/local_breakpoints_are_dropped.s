# A task switch clears L0 to L3 of DR7 and leaves the global enables (Intel SDM Vol. 3, 17.2.4). LE, which the manual
# does not mention, goes with them on the 386 and in Bochs and KVM.

.include "x86/prot32/tasks/task.inc"

task other, there
expect tr, other
expect rsp, 0x1c0000
expect cr0, 0x10033+TS
expect rax, 0x6aa

    mov eax, 0x7ff                          # Breakpoints of one byte of code at 0, where none is.
    mov dr7, eax
    ljmp other:0
there:
    mov eax, dr7
    hlt
