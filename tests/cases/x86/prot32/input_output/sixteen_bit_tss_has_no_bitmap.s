# A 16-bit TSS has no permission bitmap, however long it is: beyond IOPL every port is forbidden (Intel SDM Vol. 1, 19.5.2:
# the bitmap is part of a 32-bit TSS). A 32-bit one of the same contents permits.

.include "x86/prot32/privileged/attempts.inc"

.set tss, 0x20000

.macro use_tss type
    mov dword ptr [attempts_gdt_end], (tss & 0xffff) << 16 | 0x100
    mov dword ptr [attempts_gdt_end + 4], \type << 8 | tss >> 16
    mov eax, attempts_gdt_end - 0x600
    ltr ax
.endm

    catch_exceptions
    mov word ptr [tss + 2], 0x7000              # SP0 and SS0 of a 16-bit TSS
    mov word ptr [tss + 4], kernel_data
    mov word ptr [tss + 0x66], 0x68
    use_tss 0x81
    enter_level 3
    attempt protection, in al, 0x20
    attempt protection, outsd
    leave_level
    enter_level 3, 0x3002
    attempt no_exception, in al, 0x20
    leave_level
    mov dword ptr [tss + 4], 0x7000
    mov word ptr [tss + 8], kernel_data
    use_tss 0x89
    enter_level 3
    attempt no_exception, in al, 0x20
    leave_level
    finish
