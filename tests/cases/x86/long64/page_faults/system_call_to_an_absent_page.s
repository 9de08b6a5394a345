# SYSCALL to a page that is not there is done: the fetch at its target faults, with the return address in RCX and at
# privilege level 0; and so is SYSRET, whose fault is the program's (Intel SDM Vol. 2, SYSCALL and SYSRET).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x10
given r11, 2
expect rcx, window+0x10
expect lstar, window+0x20
expect star, (kernel_data+3)<<48|kernel_code64<<32
expect_memory 0x30000, 8, user_alias+2f

    watch_page_faults
    mov byte ptr [window_pte], 0
    mov ecx, 0xc0000081
    mov edx, (kernel_data + 3) << 16 | kernel_code64
    mov eax, 0
    wrmsr
    mov ecx, 0xc0000082
    mov eax, 0x20
    mov edx, window >> 32
    wrmsr
    mov edx, 0
    mov eax, 0
    user_refused by_fetch, window+0x20, "syscall; 2:"
    restarts window+0x20, user_alias+0x1e0000
    mov [0x30000], rcx
    mov rcx, rbx
    mov r11d, 2
    refused by_user|by_fetch, window+0x10, "sysretq"
    restarts window+0x10, 0x1f0000
    finish
