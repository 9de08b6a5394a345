# LLDT in 64-bit mode: a null selector makes the LDT unusable; anything but a 16-byte descriptor of an LDT that is present,
# in the GDT, is refused (Intel SDM Vol. 2A, LLDT; Vol. 3, 3.5.2).

.include "x86/long64/privileged/attempts.inc"

.set selector, 0x80
.set descriptor, 0x600 + selector
expect ldtr, 3

.macro try expected, attributes, upper=0
    mov dword ptr [descriptor], 0x0000000f
    mov dword ptr [descriptor + 4], \attributes << 8 | 2
    mov dword ptr [descriptor + 8], 0
    mov dword ptr [descriptor + 12], \upper
    attempt \expected, lldt ax
.endm

    catch_exceptions
    mov word ptr [attempts_gdtr], 0x8f
    lgdt [attempts_gdtr]
    mov eax, selector
    .irp type, 0x80, 0x81, 0x83, 0x84, 0x89, 0x8b, 0x8c, 0x8e, 0x8f, 0x92, 0x98
    try (protection | selector << 8), \type
    .endr
    try (segment_not_present | selector << 8), 0x02
    try (protection | selector << 8), 0x82, 0x0200
    mov eax, selector + 4
    attempt (protection | (selector + 4) << 8), lldt ax
    mov eax, selector + 8
    attempt (protection | (selector + 8) << 8), lldt ax
    mov eax, selector
    try no_exception, 0x82
    sldt ecx
    must_equal ecx, selector
    mov rcx, 0x00cf93000000ffff                 # Its second entry, at 0x20008.
    mov [0x20008], rcx
    mov ecx, 8 + 4
    attempt no_exception, mov fs, ecx
    mov ecx, 16 + 4
    attempt (protection | 20 << 8), mov fs, ecx
    mov eax, 3
    attempt no_exception, lldt ax
    mov ecx, 8 + 4
    attempt (protection | 12 << 8), mov fs, ecx
    finish
