# MOV to CR3 with bit 63 clear drops what is cached under the PCID that it loads, for a PCID that was left as well as
# for the present one (Intel SDM Vol. 3, 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window
given r10, page_map_level4+1
given r11, page_map_level4+2
undefined CF|OF|SF|ZF|AF|PF

    watch_page_faults
    turn_on cr4, pcid_enable
    mov cr3, r10
    allowed "mov [rbx], rcx"
    mov dword ptr [window_pte], 0
    mov cr3, r10
    refused by_write, window, "mov [rbx], rcx"
    mov dword ptr [window_pte], window_page + everyone
    allowed "mov [rbx], rcx"
    bts r11, 63
    mov cr3, r11
    mov dword ptr [window_pte], 0
    mov cr3, r10
    refused 0, window, "mov rcx, [rbx]"
    mov eax, page_map_level4
    mov cr3, rax
    mov eax, 0
    btr r11, 63
    finish
