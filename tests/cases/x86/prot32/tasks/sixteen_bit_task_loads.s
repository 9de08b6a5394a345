# A 16-bit TSS has words: a switch to it loads IP, FLAGS, eight registers and ES, CS, SS and DS, and nulls FS and GS
# (Intel SDM Vol. 3, 7.6). The manual does not say what becomes of the registers' upper halves.

.include "x86/prot32/tasks/task.inc"

descriptor low_code, 0x9b, 0xfffff, image
descriptor task16, 0x81, 0x2b, image+task16_tss-image_start, 0
expect cs, low_code
expect es, kernel_data16
expect fs, 0
expect gs, 0
expect tr, task16
expect cr0, 0x10033+TS
expect rflags, NT|CF
expect rax, 0
expect rcx, 0
expect rdx, 0
expect rbx, 0
expect rbp, 0
expect rsi, 0
expect rdi, 0
expect rsp, 0x1f0000
expect rip, end-image_start
expect_memory 0x20000, 16, 0x4444333322221111, 0x8888777766665555
expect_memory task16_tss, 2, task_state

    lcall task16:0
    ud2
in_task:
    .set place, 0x20000
    .irp register, ax, cx, dx, bx, sp, bp, si, di
    mov [place], \register
    .set place, place + 2
    .endr
    .irp register, eax, ecx, edx, ebx, ebp, esi, edi
    mov \register, 0
    .endr
    mov esp, 0x1f0000
end:
    hlt

.pushsection .text, 3
task16_tss:
    .word 0xdddd, 0x8000, kernel_data, 0, 0, 0, 0, in_task - image_start, CF | 2
    .word 0x1111, 0x2222, 0x3333, 0x4444, 0x5555, 0x6666, 0x7777, 0x8888
    .word kernel_data16, low_code, kernel_data, kernel_data, 0
.popsection
