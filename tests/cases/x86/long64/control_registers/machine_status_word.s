# LMSW writes PE, MP, EM and TS of CR0, of which PE cannot be cleared, from 16 bits of memory or a register; CLTS clears TS
# alone (Intel SDM Vol. 2A, LMSW, CLTS).

.include "x86/long64/privileged/attempts.inc"

.macro cr0_is value
    mov rcx, cr0
    must_equal rcx, \value
.endm

    catch_exceptions
    mov eax, 0xfffe                             # All but PE
    lmsw ax
    cr0_is 0x8001003f
    attempt no_exception, clts
    cr0_is 0x80010037
    attempt no_exception, clts
    cr0_is 0x80010037
    xor eax, eax
    lmsw ax
    cr0_is 0x80010031
    mov word ptr [unmapped - 2], 8
    lmsw [unmapped - 2]
    cr0_is 0x80010039
    attempt page_fault, lmsw [unmapped - 1]
    cr0_is 0x80010039
    .byte 0x48                                  # REX.W makes the operand no wider.
    lmsw [unmapped - 2]
    mov eax, 2
    lmsw ax
    cr0_is 0x80010033
    finish
