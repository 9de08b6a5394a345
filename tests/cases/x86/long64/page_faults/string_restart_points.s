# A fault in a repeated string instruction finds RSI, RDI and RCX at the element that could not be accessed, those
# before it done, upward and downward (Intel SDM Vol. 2, REP).

.include "x86/long64/paging/paging.inc"
given rbp, window
expect_memory 0x2b000, 8, 0

# found RSI, RDI, RCX: at the fault that came last.
.set notes, 0x30000
.macro found source, destination, count
    cld
    mov [notes], rsi
    mov [notes + 8], rdi
    mov [notes + 16], rcx
    expect_memory notes, 16, \source, \destination
    expect_memory notes+16, 8, \count
    .set notes, notes + 32
.endm

    watch_page_faults
    mov byte ptr [window_pte + 8], 0
    mov byte ptr [window_pte + 16], present|user
    flush_translations

    lea rsi, [rbp + 0xff0]
    mov edi, 0x2b000
    mov ecx, 16
    refused 0, window+0x1000, "1: rep movsq"
    restarts 1b, 0x1f0000
    found window+0x1000, 0x2b010, 14

    lea rsi, [rbp + 0x2008]
    std
    mov ecx, 6
    refused 0, window+0x1ff8, "rep movsq"
    found window+0x1ff8, 0x2b000, 4

    lea rdi, [rbp + 0x3004]
    std
    mov ecx, 3
    refused for_protection|by_write, window+0x2ffc, "rep stosd"
    found window+0x1ff8, window+0x2ffc, 1

    lea rdi, [rbp]
    mov ecx, 0x2000
    user_refused by_user, window+0x1000, "repe scasb"
    found window+0x1ff8, window+0x1000, 0x1000

    lea rsi, [rbp + 0xffc]
    mov ecx, 3
    refused 0, window+0x1000, "rep lodsw"
    found window+0x1000, window+0x1000, 1

    .irp register, rsi, rdi, rcx
    mov \register, 0
    .endr
    finish
undefined CF|OF|SF|ZF|AF|PF
