# 32-bit code in long mode goes through the 4-level tables with the 32 low bits of base plus offset; an access at their
# end goes on at address 0, and XD holds (Intel SDM Vol. 3, 4.5; Vol. 1, 3.3.7.1).

.include "x86/long64/paging/paging.inc"
given rbx, 0xfffffffe
given rdx, 4096
expect rcx, 0x44332211
expect rsi, 0x11
expect_memory 0, 2, 0x4433

    watch_page_faults
    mov qword ptr [page_directory_pointers + 24], window_pde + everyone
    mov qword ptr [window_pde + 511 * 8], window_pte + everyone
    mov qword ptr [window_pte + 511 * 8], window_page + everyone
    mov byte ptr [window_pte + 511 * 8 + 7], 0x80
    mov word ptr [window_page + 0xffe], 0x2211
    mov word ptr [0], 0x4433
    gate page_fault, on_page_fault
    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    # A data segment with base -4096: what is behind its offset 4096 is at 0.
    mov dword ptr [global_descriptors + 0x40], 0xf000ffff
    mov dword ptr [global_descriptors + 0x44], 0xffcf93ff
    mov eax, absent_data
    mov es, eax
    mov ecx, es:[edx - 2]
    mov esi, 0
    jmp ebx
    .code64
on_page_fault:
    pop rsi
    mov rsp, 0x1f0000
    mov es, [data_selector]
    mov eax, 0
    finish
expect cs, kernel_code64
undefined CF|OF|SF|ZF|AF|PF
