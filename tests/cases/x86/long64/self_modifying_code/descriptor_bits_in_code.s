# Descriptors may be code as well: when the processor sets a segment's accessed bit or a TSS's busy bit, the code has changed
# (Intel SDM Vol. 3, 3.4.5.1, 7.2.2 and 11.6). The type is the immediate of a MOV that ran before.

.include "x86/long64/privileged/attempts.inc"

.set descriptor, attempts_gdt_end
.set routine, descriptor + 4
.set selector, descriptor - 0x600

.macro describe type
    mov dword ptr [descriptor], 0x60000067
    mov dword ptr [descriptor + 4], 0x00c300b0 | \type << 8     # mov al, TYPE; ret
    mov qword ptr [descriptor + 8], 0
    call r15
    must_equal eax, \type
.endm

    catch_exceptions
    mov r15d, routine
    mov ecx, selector
    describe 0x89
    attempt no_exception, ltr cx
    call r15
    must_equal eax, 0x8b
    describe 0x92
    attempt no_exception, mov fs, ecx
    call r15
    must_equal eax, 0x93
    finish
