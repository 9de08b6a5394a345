# What is cached under one PCID is not used under another, though CR3 was loaded without dropping anything; of each
# PCID's own translations none need be dropped (Intel SDM Vol. 3, 4.10.1 and 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window
given r8, 0x1111
given r9, 0x2222
expect rcx, 0x1111
expect rdx, 0x2222
expect rsi, 0x3333
expect rdi, 0x2222

.set second, 0x24000
    watch_page_faults
    mov [window_page], r8
    mov [window_page + 0x1000], r9
    mov qword ptr [second], page_directory_pointers + everyone
    mov qword ptr [second + 8], 0x25000 + everyone
    mov qword ptr [0x25000], 0x26000 + everyone
    mov qword ptr [0x26000], 0x27000 + everyone
    mov qword ptr [0x27000], window_page + 0x1000 + everyone
    turn_on cr4, pcid_enable
    mov r10, page_map_level4 + 1 + (1 << 63)
    mov r11, second + 2 + (1 << 63)
    mov r12, page_map_level4
    mov cr3, r10
    mov rcx, [rbx]
    mov cr3, r11
    mov rdx, [rbx]
    mov cr3, r10
    mov dword ptr [rbx], 0x3333
    mov rsi, [rbx]
    mov cr3, r11
    mov rdi, [rbx]
    mov cr3, r12
    .irp register, r10, r11, r12
    mov \register, 0
    .endr
    finish
