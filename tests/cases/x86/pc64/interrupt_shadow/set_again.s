# Only an STI that changes IF throws a shadow (Intel SDM Vol. 2B, STI): a second one does not renew that of the first,
# so that the interrupt comes behind it.

.include "x86/pc64/interrupt_shadow/shadow.inc"

    prepare_interrupts
    pending
    sti
    sti
behind_second:
    nop
    xor ecx, ecx
    xor edx, edx
    taken behind_second
    all_taken
