# Loading segment registers in virtual-8086 mode looks at no descriptor: a selector of an absent segment, of a TSS,
# beyond the GDT or null is a base like any other (Intel SDM Vol. 3, 20.2.1).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM
expect rax, 0xabcd
expect rbx, 0x5a5a
expect ds, absent_data
expect es, task_state
expect fs, 0xfff8
expect gs, 0
expect_memory 0x480+0x40, 2, 0x5a5a
expect_memory 0xfff80, 2, 0x5a5a
expect_memory 0x40, 2, 0x5a5a
expect_memory 0x400+0x40, 2, 0x5a5a

    enter_program VM
    mov bx, 0x5a5a
    les ax, cs:[pointer - code_origin]
    push absent_data
    pop ds
    push word ptr 0xfff8
    pop fs
    push 0
    pop gs
    mov es:[0x40], bx
    mov ds:[0x40], bx
    mov fs:[0], bx
    mov gs:[0x40], bx
    hlt
pointer:
    .word 0xabcd, task_state
