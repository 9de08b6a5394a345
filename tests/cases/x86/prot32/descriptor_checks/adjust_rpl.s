# ARPL raises the RPL of its destination to that of its source and sets ZF; otherwise it clears ZF (Intel SDM Vol. 2A,
# ARPL). All pairs of RPL, at CPL 0 and 3, in a register and in memory.

.include "x86/prot32/faults.inc"

ends_in_user_code
expect_memory 0x20000, 2, 0xabcf

.macro adjust destination, source
    mov eax, 0x5555abcc + \destination
    mov ecx, 0x12340 + \source
    arpl ax, cx
    .if \destination < \source
    jnz .Lwrong\@
    cmp eax, 0x5555abcc + \source
    .else
    jz .Lwrong\@
    cmp eax, 0x5555abcc + \destination
    .endif
    je .Lright\@
.Lwrong\@:
    ud2
.Lright\@:
.endm

.macro adjust_all
    .irp destination, 0, 1, 2, 3
    .irp source, 0, 1, 2, 3
    adjust \destination, \source
    .endr
    .endr
    mov word ptr [0x20000], 0xabcd
    mov ecx, 3
    arpl [0x20000], cx
    jz .Lraised\@
    ud2
.Lraised\@:
    arpl [0x20000], cx
    jnz .Lkept\@
    ud2
.Lkept\@:
.endm

    adjust_all
    enter_user
    adjust_all
    xor eax, eax
    xor ecx, ecx
    hlt
