# LOCK is allowed on few instructions, and only with a destination in memory; otherwise #UD (Intel SDM Vol. 2A, LOCK).

faults invalid_opcode, fault

fault:
    .byte 0xf0, 0x48, 0x01, 0xd8        # lock add rax, rbx
    hlt
