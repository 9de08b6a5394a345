# EIP wraps at 4 GiB (Intel SDM Vol. 1, 3.3.7.1): behind the last byte of the last page code goes on in page 0, from where a
# branch leads back into the last page, and a call pushes where it came from.

.include "x86/prot32/paging/paging.inc"
given rcx, 3
given rsi, back
expect rax, 9
expect rbx, 0xfffffffc
expect rcx, 0
expect rdx, 3
undefined CF|PF|AF|ZF|SF|OF

    watch_page_faults 32bit
    mov dword ptr [page_directory32 + 1023 * 4], 0x24000 + everyone
    mov dword ptr [0x24000 + 1023 * 4], window_page + everyone
    mov dword ptr [window_page + 0xff8], 0xe6ff58       # pop eax; jmp esi
    mov dword ptr [window_page + 0xffc], 0x90909042     # inc edx
    mov dword ptr [0], 0xf8754990                       # nop; dec ecx; jnz 0xfffffffc
    mov dword ptr [4], 0xffffefe8                       # call 0xfffffff8
    mov byte ptr [8], 0xff
    mov ebx, 0xfffffffc
    jmp ebx
back:
    finish
