# Any IRET lets NMIs in again, also that of an exception within the NMI's handler: the one that waits then comes in the
# middle of it (Intel SDM Vol. 3, 6.7.1).

.include "x86/pc64/non_maskable/nmi.inc"

    prepare_nmi handler
    gate breakpoint, return
    send_nmi
behind:
    noted behind, behind_int3, 1
    all_noted
handler:
    note_address
    xor byte ptr [rip + once], 1
    jz return
    send_nmi
    int3
behind_int3:
    note 1
return:
    iretq
once:
    .byte 0
