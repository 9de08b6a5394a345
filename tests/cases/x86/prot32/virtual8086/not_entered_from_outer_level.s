# IRETD at CPL 3 with VM set in the flags stays in protected mode and drops VM, as it drops IOPL, VIF, VIP and IF
# (Intel SDM Vol. 2A, IRET).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_user_code CF|AC|ID

    enter_user 2
    push VM|IOPL3|VIF|VIP|IF|CF|AC|ID
    push outer_code + 3
    push offset end
    iretd
end:
    hlt
