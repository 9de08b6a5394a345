# A LOCK prefix on a privileged instruction raises #UD at CPL 3, not #GP: the opcode is refused first (Intel SDM Vol. 3, table
# 6-2).

faults invalid_opcode, fault

fault:
    .byte 0xf0, 0xfa                    # lock cli
    hlt
