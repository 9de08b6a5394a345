# A TSS with EFLAGS.VM makes a virtual-8086 task: the selectors are paragraph numbers and are not looked up, CPL is 3
# (Intel SDM Vol. 3, 20.2.1). The way out is #GP(0) to the inner stack of its TSS.

.include "x86/prot32/tasks/task.inc"

.set VM, 0x20000
task virtual, 4, eflags=VM|2, cs=0x2000, ss=0x3000, esp=0x100, ds=0x2100, es=0x2200, fs=0xffff, gs=1
expect ds, 0
expect es, 0
expect fs, 0
expect gs, 0
expect tr, virtual
expect cr0, 0x10033+TS
expect rax, 0x1234
expect rsp, 0x1b0000-40
expect_memory 0x1b0000-40, 8, 0x0000000800000000            # The error code, EIP
expect_memory 0x1b0000-32, 8, 0x0003000200002000            # CS, EFLAGS with RF
expect_memory 0x1b0000-24, 8, 0x00003000000000fe            # ESP, SS
expect_memory 0x1b0000-16, 16, 0x0000210000002200, 0x000000010000ffff
expect_memory 0x300fe, 2, 0x1234

    mov byte ptr [0x20004], 0xa1            # mov ax, [0]; push ax; hlt
    mov dword ptr [0x20005], 0xf4500000
    mov word ptr [0x21000], 0x1234
    gate 13, in_handler
    ljmp virtual:0
in_handler:
    hlt
