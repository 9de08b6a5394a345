# A read-modify-write whose second page is read-only changes neither page, locked or not, and no register or flag (Intel
# SDM Vol. 3, 6.5).

.include "x86/long64/paging/paging.inc"
given rbx, window+0xffd
given rax, 5
given rcx, 7
given rflags, CF|ZF|2
expect_memory window_page+0xffd, 8, 0x0102030405060708

# each INSTRUCTION...: the same comes of all of them.
.macro each instructions:vararg
    .irp instruction, \instructions
    refused for_protection|by_write, window+0x1000, "\instruction"
    .endr
.endm

    watch_page_faults
    mov dword ptr [window_page + 0xffd], 0x05060708
    mov dword ptr [window_page + 0x1001], 0x01020304
    mov byte ptr [window_pte + 8], present|user
    flush_translations
    each "add [rbx], rax", "neg dword ptr [rbx]", "xchg [rbx], rcx", "lock xadd [rbx], ecx"
    each "cmpxchg [rbx], rcx", "lock inc qword ptr [rbx]", "cmpxchg8b [rbx]", "rol dword ptr [rbx], cl"
    each "lock bts dword ptr [rbx], 31", "adc [rbx], eax"
    finish
