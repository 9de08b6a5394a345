# A task switch loads EIP, EFLAGS, the general registers, the segments and TR from the new TSS, and sets CR0.TS (Intel
# SDM Vol. 3, 7.3). Hidden parts come with the selectors, and accessed bits are set.

.include "x86/prot32/tasks/task.inc"

descriptor data, 0x92, 0xfffff, 0x20000
descriptor stack, 0x92
descriptor code, 0x9a
task other, there, esp=0x1c0000, eflags=CF|DF|IF|AC|2, cs=code, ss=stack, ds=kernel_data16, es=0, fs=data, gs=3, eax=0x11111111, ecx=0x22222222, edx=0x33333333, ebx=0x44444444, ebp=0x55555555, esi=0x66666666, edi=0x77777777
expect rax, 0x11111111
expect rcx, 0x22222222
expect rdx, 0x33333333
expect rbx, 0x12345678
expect rbp, 0x55555555
expect rsi, 0x66666666
expect rdi, 0x77777777
expect rsp, 0x1c0000
expect rflags, CF|DF|IF|AC
expect cs, code
expect ss, stack
expect ds, kernel_data16
expect es, 0
expect fs, data
expect gs, 3
expect tr, other
expect cr0, 0x10033+TS
expect rip, there+7
expect_memory gdt+data+5, 1, 0x93
expect_memory gdt+stack+5, 1, 0x93
expect_memory gdt+code+5, 1, 0x9b

    mov dword ptr [0x20000], 0x12345678
    ljmp other:0
there:
    mov ebx, fs:[0]
    hlt
