# A switch away from a task with a 16-bit TSS saves words: IP, FLAGS, the low halves of the registers, ES, CS, SS and
# DS; link, stacks and LDT stay (Intel SDM Vol. 3, 7.6).

.include "x86/prot32/tasks/task.inc"

descriptor low_code, 0x9b, 0xfffff, image
descriptor task16, 0x81, 0x2b, image+task16_tss-image_start, 0
task other, in_other, eax=0x11111111
expect tr, other
expect cr0, 0x10033+TS
expect rax, 0x11111111
expect rsp, 0x1c0000
expect_memory task16_tss, 14, 0xdddddddddddddddd, 0xdddddddddddd
expect_memory task16_tss+14, 4, ((CF|2)<<16)+back-image_start
expect_memory task16_tss+18, 16, 0x5678000000000000+task16, 0x0bbb0aaa09990000
expect_memory task16_tss+34, 10, 0x0010001000000038+(low_code<<16), 0xdddd

    mov eax, kernel_data16
    mov es, ax
    mov eax, task16
    ltr ax
    mov ebx, 0x12345678
    mov ebp, 0x99990999
    mov esi, 0xaaaa0aaa
    mov edi, 0xbbbb0bbb
    push CF | 2
    popfd
    ljmp low_code:low-image_start
low:
    ljmp other:0
back:
    ud2
in_other:
    hlt

.pushsection .text, 3
task16_tss:
    .fill 22, 2, 0xdddd
.popsection
