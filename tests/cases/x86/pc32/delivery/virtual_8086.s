# An interrupt in virtual-8086 mode leads to protected mode by the IDT, whatever IOPL: the data segments are pushed
# above SS:ESP and loaded with null selectors, and EFLAGS are pushed with VM set, which the handler runs without (Intel
# SDM Vol. 3, 21.3.1.1).

.set VM, 1 << 17
expect rbx, program-case_start
expect rcx, 0x1000
expect rdx, VM | IF | 2
expect rsp, 0x7000-36
expect_memory 0x7000-24, 16, 0x0000770000001234, 0x0000222200001111
expect_memory 0x7000-8, 8, 0x0000444400003333
expect ds, kernel_data
expect es, 0
expect fs, 0
expect gs, 0

    gate 0x41, handler
    self_ipi 0x41
    push 0x4444                 # GS, FS, DS, ES, SS, ESP
    push 0x3333
    push 0x2222
    push 0x1111
    push 0x7700
    push 0x1234
    push VM | IF | 2
    push 0x1000
    push offset program - case_start
    iretd
program:
    .byte 0xf4
handler:
    mov eax, ds
    or eax, eax
    jnz 1f
    mov eax, kernel_data
    mov ds, eax
    pop ebx
    pop ecx
    pop edx
    sub esp, 12
1:  finish
