# A task switch saves EIP behind the instruction, EFLAGS, the general registers and the selectors in the old TSS, and
# no other field of it (Intel SDM Vol. 3, 7.3, step 7, and 7.2.1). CR3, the LDT, the inner stacks and the upper words
# stay.

.include "x86/prot32/tasks/task.inc"

task other, there
given rax, 0x11111111
given rbx, 0x22222222
given rcx, 0x33333333
given rdx, 0x44444444
given rsi, 0x55555555
given rdi, 0x66666666
given rbp, 0x77777777
given rflags, CF|DF|IF|2
expect rax, 0
expect rbx, 0
expect rcx, 0
expect rdx, 0
expect rsi, 0
expect rdi, 0
expect rbp, 0
expect rsp, 0x1c0000
expect rflags, 2
expect cr0, 0x10033+TS
expect tr, other
expect_memory first_tss+tss_eip, 4, back
expect_memory first_tss+tss_eflags, 4, CF|DF|IF|2
expect_memory first_tss+tss_eax, 16, 0x3333333311111111, 0x2222222244444444
expect_memory first_tss+tss_esp, 16, 0x77777777001f0000, 0x6666666655555555
expect_memory first_tss+tss_es, 8, 0xdddd0028dddd0010
expect_memory first_tss+tss_ss, 8, 0xdddd0010dddd0010
expect_memory first_tss+tss_fs, 8, 0xdddd0010dddd0010
expect_memory first_tss+tss_ldt, 8, 0xddddddddddddddd0
expect_memory first_tss+tss_cr3, 4, 0xdddddddd
expect_memory first_tss+tss_link, 4, 0xdddddddd
expect_memory first_tss+4, 8, 0x1000007000

    .irp field, tss_link, tss_cr3, tss_es, tss_cs, tss_ss, tss_ds, tss_fs, tss_gs, tss_ldt, tss_trap
    mov dword ptr [first_tss + \field], 0xdddddddd
    .endr
    mov byte ptr [first_tss + tss_ldt], 0xd0
    ljmp other:0x12345678
back:
    ud2
there:
    hlt
