# A task gate leaves virtual-8086 mode by a task switch that saves EFLAGS with VM and the real-mode selectors in the
# old TSS; IRET of the nested task brings the program back (Intel SDM Vol. 3, 20.3.2 and 7.4).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL3|CF
expect cr0, 0x1003b
expect tr, task_state
expect rbx, 0xb0b0
expect rcx, 0
expect_memory 0x6024, 4, VM|IOPL3|CF|2
expect_memory 0x604c, 4, program_code
expect_memory 0x6050, 4, program_stack
expect_memory 0x6054, 4, kernel_data
expect_memory 0x2a000, 2, task_state
expect_memory 0x2a024, 4, 2
expect_memory 0x65d, 1, 0x89
expect_memory 0x64d, 1, 0x8b
expect_memory 0x2b000, 4, NT|2

    mov dword ptr [0x658], 0xa0000067           # a TSS at 2a000
    mov dword ptr [0x65c], 0x00008902
    mov dword ptr [interrupt_table + 0x80 * 8], 0x580000
    mov dword ptr [interrupt_table + 0x80 * 8 + 4], 0xe500
    .irp field, 0x48, 0x50, 0x54, 0x58, 0x5c
    mov dword ptr [0x2a000 + \field], kernel_data
    .endr
    mov dword ptr [0x2a038], 0x1d0000
    mov dword ptr [0x2a020], offset nested
    mov dword ptr [0x2a04c], kernel_code32
    mov dword ptr [0x2a024], 2
    enter_program VM|IOPL3|CF
    mov bx, 0xb0b0
    int 0x80
    hlt
    .code32
nested:
    pushfd
    pop dword ptr [0x2b000]
    mov ecx, 0x1234
    iretd
