# An interrupt from CPL 3 to a handler of DPL 0 takes its stack from the TSS: SS and ESP of the program first, then
# EFLAGS, CS, EIP and the error code (Intel SDM Vol. 3, 6.12.1). DS to GS stay as they are.

.include "x86/prot32/faults.inc"

ends_in_user_code
expect rax, 0x7000-24
expect rbx, kernel_data
expect rcx, user_data
expect rdx, kernel_code32
expect rflags, CF
expect_memory 0x7000-24, 4, 0xfff0
expect_memory 0x7000-24+4, 4, fault
expect_memory 0x7000-16, 4, user_code32
expect_memory 0x7000-8, 8, (user_data<<32)+0x1e0000
faults breakpoint, after

    gate 13, handler
    enter_user
    mov eax, 0xfff3
fault:
    mov fs, ax
handler:
    keep_inner_stack
    mov eax, esp
    mov ebx, ss
    mov ecx, ds
    mov edx, cs
    push user_data
    push 0x1e0000
    push CF|2
    push user_code32
    push offset outside
    iretd
outside:
    int3
after:
