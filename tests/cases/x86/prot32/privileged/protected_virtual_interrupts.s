# CR4.PVI gives programs at CPL 3 with IOPL below 3 a virtual interrupt flag: CLI and STI clear and set VIF, and STI raises
# #GP(0) while VIP is set. POPF and PUSHF have no part in it, nor have levels 1 and 2 (Intel SDM Vol. 3, 20.4).

.include "x86/prot32/privileged/attempts.inc"

.set VIF, 1 << 19
.set VIP, 1 << 20
expect cr4, 0x40622

.macro flags_are value
    pushfd
    pop eax
    must_equal eax, \value
.endm

    catch_exceptions
    attempt no_exception, sti
    mov eax, cr4
    or eax, 2
    mov cr4, eax
    .irp iopl, 0, 1, 2
    enter_level 3, 2 + IF + (\iopl << 12)
    attempt no_exception, sti
    flags_are 2 + IF + VIF + (\iopl << 12)
    push 2 + IF
    popfd
    flags_are 2 + IF + VIF + (\iopl << 12)
    attempt no_exception, cli
    flags_are 2 + IF + (\iopl << 12)
    leave_level
    enter_level 3, 2 + VIP + (\iopl << 12)
    attempt protection, sti
    attempt no_exception, cli
    flags_are 2 + VIP + (\iopl << 12)
    leave_level
    .endr
    enter_level 3, 0x3002 + VIP
    attempt no_exception, sti
    flags_are 0x3002 + VIP + IF
    attempt no_exception, cli
    leave_level
    .irp level, 1, 2
    enter_level \level
    attempt protection, sti
    attempt protection, cli
    leave_level
    .endr
    push 2                                      # POPF would leave VIP.
    push kernel_code32
    push offset .Lclean
    iretd
.Lclean:
    finish
