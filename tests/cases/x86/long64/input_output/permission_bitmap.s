# Beyond IOPL the bitmap of the TSS decides, one bit for each port; an access needs the bits of all its ports, also where they
# lie in two bytes (Intel SDM Vol. 1, 19.5.2). Of the port's number the low 16 bits of RDX count.

.include "x86/long64/privileged/attempts.inc"
.include "x86/long64/input_output/bitmap.inc"

.macro port expected, access, number
    mov edx, 0xabcd0000 + \number
    attempt \expected, \access
.endm

    catch_exceptions
    use_bitmap 0x68 + 0x80
    mov byte ptr [io_tss + 0x68 + 2], 1 << 3    # Port 0x13
    mov byte ptr [io_tss + 0x68 + 4], 1 << 0    # Port 0x20
    mov edi, 0x21000
    mov esi, 0x21000
    .irp level, 1, 2, 3
    enter_level \level
    port no_exception, "in al, dx", 0x12
    port protection, "in al, dx", 0x13
    port no_exception, "in al, dx", 0x14
    port protection, "in ax, dx", 0x12
    port protection, "in ax, dx", 0x13
    port no_exception, "in ax, dx", 0x11
    port no_exception, "in ax, dx", 0x14
    port no_exception, "in eax, dx", 0x0f
    .irp number, 0x10, 0x11, 0x12, 0x13
    port protection, "in eax, dx", \number
    port protection, "out dx, eax", \number
    port protection, insd, \number
    port protection, outsd, \number
    .endr
    port no_exception, "in eax, dx", 0x1c       # 0x1c to 0x1f, the last before 0x20
    .irp number, 0x1d, 0x1e, 0x1f
    port protection, "in eax, dx", \number
    .endr
    port protection, "in ax, dx", 0x1f
    port no_exception, outsw, 0x1e
    port no_exception, insb, 0x1f
    port protection, insb, 0x20
    attempt protection, in al, 0x13
    attempt no_exception, out 0x14, al
    leave_level
    .endr
    port no_exception, "in eax, dx", 0x13       # Level 0 does not ask.
    finish
