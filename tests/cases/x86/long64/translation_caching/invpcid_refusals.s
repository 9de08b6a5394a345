# INVPCID: #GP(0) for a type beyond 3, a descriptor with one of bits 63:12 set, an address for type 0 that is not
# canonical, and a PCID other than 0 for types 0 and 1 while CR4.PCIDE is clear (Intel SDM Vol. 2, INVPCID). Its operand
# is read, and a program may not use it.

.include "x86/long64/paging/paging.inc"
given rbx, window
expect rcx, 8
expect rdx, 0
undefined CF|OF|SF|ZF|AF|PF

# try TYPE, PCID, ADDRESS: counts in RCX what is refused.
.macro try type, pcid, address
    mov rax, \pcid
    mov [0x30000], rax
    mov rax, \address
    mov [0x30008], rax
    mov rax, \type
    allowed "invpcid rax, [0x30000]"
.endm

    watch_page_faults
    gate general_protection, on_general_protection
    try 0, 0, window
    try 2, 0xfff, 0
    mov [0x30010], ecx
    try 4, 0, 0
    try 0x100000000, 0, 0
    try 0, 1, window
    try 1, 1, 0
    try 0, 0, 0x800000000000
    try 3, 0x1000, 0
    turn_on cr4, pcid_enable
    try 1, 1, 0x800000000000
    try 0, 1<<63, window
    mov byte ptr [window_pte], 0
    refused 0, window, "invpcid rax, [rbx]"
    user_allowed "invpcid rax, [0x30000]"       # Whose privilege is looked at first.
    mov eax, 0
    finish
on_general_protection:
    or edx, [rsp]
    inc ecx
    jmp .Lon_breakpoint
expect_memory 0x30010, 4, 0
