# A loop in two pages follows the mapping of the second, however it is entered: by a call, by a jump in its first page, by
# a jump from another page (Intel SDM Vol. 3, 4.10.4).

.include "x86/long64/paging/paging.inc"
.set head, window+0xff0
given rbx, head
given rbp, window+0xf00
given rsi, window+0x3000
expect rdx, 0
expect rdi, 0x30*6

    watch_page_faults
    mov dword ptr [window_page + 0xff0], 0x9090c7ff         # inc edi; nop; nop
    mov dword ptr [window_page + 0xff4], 0x90909090
    mov dword ptr [window_page + 0xff8], 0x90909090
    mov dword ptr [window_page + 0xffc], 0xc0819090         # nop; nop; add eax,
    .irp page, 0x1000, 0x2000
    mov dword ptr [window_page + \page + 4], 0xe875caff     # dec edx; jnz head
    mov byte ptr [window_page + \page + 8], 0xc3
    .endr
    mov dword ptr [window_page + 0x1000], 0x00000001        # 1
    mov dword ptr [window_page + 0x2000], 0x00010000        # 0x10000
    mov dword ptr [window_page + 0xf00], 0x0000ebe9         # jmp head
    mov byte ptr [window_page + 0xf04], 0
    mov dword ptr [window_page + 0x3000], 0xffdfebe9        # jmp head
    mov byte ptr [window_page + 0x3004], 0xff
    mov qword ptr [window_pte + 3 * 8], window_page + 0x3000 + everyone
    mov eax, 0
    .irp entry, rbx, rbp, rsi
    mov qword ptr [window_pte + 8], window_page + 0x1000 + everyone
    invlpg [rbx + 0x10]
    mov edx, 0x30
    call \entry
    mov qword ptr [window_pte + 8], window_page + 0x2000 + everyone
    invlpg [rbx + 0x10]
    mov edx, 0x30
    call \entry
    .endr
    mov edx, 0
    finish
expect rax, 3*0x30*0x10001
undefined CF|PF|AF|ZF|SF|OF
