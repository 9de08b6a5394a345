# An NMI is taken whatever IF is. Until the next IRET another waits, and more than one are one; it comes right behind
# that IRET, before an instruction of the interrupted program (Intel SDM Vol. 3, 6.7.1).

.include "x86/pc64/non_maskable/nmi.inc"

    prepare_nmi handler
    send_nmi
behind:
    noted behind, 1, 2, behind, 3
    all_noted
handler:
    note_address
    inc dword ptr [rip + count]
    cmp dword ptr [rip + count], 2
    je last
    note 1
    send_nmi
    send_nmi
    nop
    note 2
    iretq
last:
    note 3
    iretq
    .balign 4
count:
    .long 0
