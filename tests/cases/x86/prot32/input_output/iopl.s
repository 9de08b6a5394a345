# IN, OUT, CLI and STI of 32-bit code need CPL <= IOPL where no bitmap gives the port (Intel SDM Vol. 1, 19.5.1).

.include "x86/prot32/privileged/attempts.inc"

    catch_exceptions
    .irp iopl, 0, 1, 2, 3
    .irp level, 0, 1, 2, 3
    enter_level \level, 2 + (\iopl << 12)
    .if \level <= \iopl
    attempt no_exception, in al, 0x80
    attempt no_exception, out 0x80, eax
    attempt no_exception, sti
    attempt no_exception, cli
    .else
    attempt protection, in al, 0x80
    attempt protection, out 0x80, eax
    attempt protection, sti
    attempt protection, cli
    .endif
    leave_level
    .endr
    .endr
    finish
