# An interrupt without change of level pushes EFLAGS, CS and EIP on the present stack, and the error code of an
# exception that has one; software interrupts never push one (Intel SDM Vol. 3, 6.12.1). The return address of a fault
# is the instruction, of INT n the next.

.include "x86/prot32/faults.inc"

expect rax, 0x1f0000-12
expect rbx, 0x1f0000-12
expect rcx, 0x1f0000-16
expect rsp, 0x1f0000-16
expect_memory 0x1f0000-16, 4, 0xfff0
expect_memory 0x1f0000-16+4, 4, fault
expect_memory 0x1f0000-8, 4, kernel_code32

    gate 0x40, by_int, 0x8e
    gate 13, by_int_13
    int 0x40
by_int:
    mov eax, esp
    add esp, 12
    int 13
by_int_13:
    mov ebx, esp
    add esp, 12
    gate 13, by_fault
fault:
    ljmp 0xfff3:0
by_fault:
    mov ecx, esp
    hlt
