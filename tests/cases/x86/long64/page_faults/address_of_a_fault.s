# CR2 holds the whole linear address that could not be accessed, to the byte, and stays until the next page fault; other
# exceptions leave it (Intel SDM Vol. 3, 4.7 and 6.15, interrupt 14).

.include "x86/long64/paging/paging.inc"
given rbx, 0xffff912345678abd
given rdx, 0x00007edcba987653
faults general_protection, fault
expect cr2, 0x00007edcba987653

    watch_page_faults
    refused 0, 0xffff912345678abd, "mov al, [rbx]"
    refused by_write, 0xffff912345678abc, "mov [rbx - 1], rax"
    refused by_fetch, 0xffff912345678abd, "jmp rbx"
    refused by_fetch, 0x00007edcba987653, "call rdx"
fault:
    mov cr8, rbx
    hlt
