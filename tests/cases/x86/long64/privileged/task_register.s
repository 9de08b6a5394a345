# LTR in 64-bit mode: the 16-byte descriptor of a TSS that is present and not busy, in the GDT, whose upper half has zeros
# where a type would be and whose base is canonical. It becomes busy (Intel SDM Vol. 2A, LTR; Vol. 3, 7.2.3).

.include "x86/long64/privileged/attempts.inc"

.set selector, 0x80
.set descriptor, 0x600 + selector
expect tr, selector
expect_memory descriptor+5, 1, 0x8b
expect gdtr_limit, 0x8f

.macro try expected, attributes, upper=0
    mov dword ptr [descriptor], 0x60000067
    mov dword ptr [descriptor + 4], \attributes << 8
    mov dword ptr [descriptor + 8], 0
    mov dword ptr [descriptor + 12], \upper
    attempt \expected, ltr ax
    str ecx
    must_equal ecx, task_state
.endm

    catch_exceptions
    mov word ptr [attempts_gdtr], 0x8f
    lgdt [attempts_gdtr]
    xor eax, eax
    .irp null, 0, 1, 2, 3
    attempt protection, ltr ax
    inc eax
    .endr
    mov eax, selector
    .irp type, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x99, 0x09 + 0x10
    try (protection | selector << 8), \type
    .endr
    try (segment_not_present | selector << 8), 0x09
    try (protection | selector << 8), 0x8b      # Busy
    try (protection | selector << 8), 0x89, 0x1f00
    try (protection | selector << 8), 0x89, 0x0100
    mov eax, selector + 4                       # In the LDT
    attempt (protection | (selector + 4) << 8), ltr ax
    mov eax, selector + 8                       # Its upper half lies beyond the limit.
    attempt (protection | (selector + 8) << 8), ltr ax
    mov eax, selector
    mov dword ptr [descriptor + 4], 0x8900
    mov dword ptr [descriptor + 12], 0
    attempt no_exception, ltr ax
    finish
