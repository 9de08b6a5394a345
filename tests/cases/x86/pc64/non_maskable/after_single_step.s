# A trap of the last instruction comes before an NMI, which then interrupts the trap's handler at its first
# instruction: IF and gates do not hold it off (Intel SDM Vol. 3, table 6-2).

.include "x86/pc64/non_maskable/nmi.inc"

    prepare_nmi handler
    gate debug_exception, trap
    mov ecx, x2apic + 0x30
    mov eax, assert|deliver_nmi
    xor edx, edx
    push TF|2
    popfq
    wrmsr
behind:
    noted trap, 1, behind, 2
    all_noted
handler:
    note_address
    note 1
    iretq
trap:
    note_address
    note 2
    and byte ptr [rsp + 17], ~(TF >> 8)
    iretq

expect dr6, 0xffff4ff0
