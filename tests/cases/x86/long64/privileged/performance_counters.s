# RDPMC of a counter that does not exist raises #GP(0), with CR4.PCE and without, at every level (Intel SDM Vol. 2B, RDPMC;
# CPUID leaf 0xA shows no counters). CR4.PCE can be set all the same.

.include "x86/long64/privileged/attempts.inc"

expect cr4, 0x40720

.macro read_all
    .irp level, 0, 1, 2, 3
    enter_level \level
    .irp counter, 0, 1, 0x40000000, 0x7fffffff
    mov ecx, \counter
    attempt protection, rdpmc
    .endr
    leave_level
    .endr
.endm

    catch_exceptions
    read_all
    mov rax, cr4
    or rax, 1 << 8
    mov cr4, rax
    read_all
    finish
