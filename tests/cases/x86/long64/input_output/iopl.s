# Where the TSS has no permission bitmap, IN, OUT, INS and OUTS need CPL <= IOPL (Intel SDM Vol. 1, 19.5.1).

.include "x86/long64/privileged/attempts.inc"

.macro use_ports expected
    attempt \expected, in al, 0x80
    attempt \expected, in ax, dx
    attempt \expected, in eax, dx
    attempt \expected, out 0x80, eax
    attempt \expected, out dx, al
    attempt \expected, out dx, ax
    attempt \expected, insb
    attempt \expected, insw
    attempt \expected, insd
    attempt \expected, outsb
    attempt \expected, outsw
    attempt \expected, outsd
.endm

    catch_exceptions
    mov edi, 0x20000
    mov esi, 0x20100
    mov edx, 0x1230
    .irp iopl, 0, 1, 2, 3
    .irp level, 0, 1, 2, 3
    enter_level \level, 2 + (\iopl << 12)
    .if \level <= \iopl
    use_ports no_exception
    .else
    use_ports protection
    .endif
    leave_level
    .endr
    .endr
    must_equal rdi, (0x20000 + 10 * 7)
    must_equal rsi, (0x20100 + 10 * 7)
    finish
