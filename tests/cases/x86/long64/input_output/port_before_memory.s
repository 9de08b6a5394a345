# INS and OUTS ask for the port first: without the right to it, #GP(0) comes before any #PF. With the right, INS that cannot
# store raises #PF and leaves RDI and RCX for another try (Intel SDM Vol. 2A, INS; Vol. 3, 6.9; so does silicon).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    mov edi, unmapped
    mov esi, unmapped
    mov ecx, 5
    .irp instruction, insb, insw, insd, outsb, outsw, outsd
    enter_level 3
    attempt protection, \instruction
    attempt protection, rep \instruction
    leave_level
    enter_level 3, 0x3002
    .ifc \instruction, insb
    attempt (page_fault | 6 << 8), \instruction
    .endif
    leave_level
    .endr
    enter_level 3, 0x3002
    attempt (page_fault | 4 << 8), outsd
    mov edi, unmapped - 2
    attempt (page_fault | 6 << 8), rep insb
    must_equal rdi, unmapped
    must_equal rcx, 3
    leave_level
    finish
expect_memory unmapped-4, 4, 0xffff0000         # The two elements that came through; no port answers but with ones.
