# A privileged instruction looks at the privilege level before its memory operand: #GP(0), and no #PF for an operand that is
# not there (Intel SDM Vol. 3, 6.9: faults from decoding come before those from executing; silicon agrees).

.include "x86/long64/privileged/attempts.inc"

.set not_canonical, 0x8000000000000000

    catch_exceptions
    mov rbx, not_canonical
    mov eax, 4                                  # No INVPCID of that type.
    .irp level, 1, 2, 3
    enter_level \level
    attempt protection, lgdt [unmapped]
    attempt protection, lidt [unmapped]
    attempt protection, lldt [unmapped]
    attempt protection, ltr [unmapped]
    attempt protection, lmsw [unmapped]
    attempt protection, invlpg [unmapped]
    attempt protection, invpcid rax, [unmapped]
    attempt protection, lgdt [rbx]
    leave_level
    .endr
    must_equal rbx, not_canonical
    attempt page_fault, lgdt [unmapped]         # At level 0 the operand counts.
    attempt page_fault, lidt [unmapped]
    attempt page_fault, lldt [unmapped]
    attempt page_fault, ltr [unmapped]
    attempt page_fault, lmsw [unmapped]
    attempt no_exception, invlpg [unmapped]
    attempt protection, lgdt [rbx]
    finish
