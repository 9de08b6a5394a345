# An IRET that faults lets NMIs in again all the same: the one that waits comes before the first instruction of the
# fault's handler (Intel SDM Vol. 3, 6.7.1).

.include "x86/pc64/non_maskable/nmi.inc"

    prepare_nmi handler
    gate general_protection, repair
    send_nmi
behind:
    noted behind, repair, 1
    all_noted
handler:
    note_address
    xor byte ptr [rip + once], 1
    jz return
    send_nmi
    xor qword ptr [rsp + 8], 0xfff0         # CS
return:
    iretq
repair:
    note 1
    mov rsp, [rsp + 32]                     # The old RSP, in the frame of #GP behind its error code.
    xor qword ptr [rsp + 8], 0xfff0
    iretq
once:
    .byte 0
