# The processor reads two bytes of the bitmap for every access, so that the last byte that can be used lies one below the
# TSS's limit; a bitmap at or beyond the limit is none (Intel SDM Vol. 1, 19.5.2).

.include "x86/long64/privileged/attempts.inc"
.include "x86/long64/input_output/bitmap.inc"

    catch_exceptions
    use_bitmap 0x68 + 2                         # Three bytes
    enter_level 3
    attempt no_exception, in al, 0
    attempt no_exception, in al, 15
    attempt no_exception, in ax, 15
    attempt no_exception, in eax, 12
    attempt protection, in al, 16
    attempt protection, in al, 23
    attempt protection, in al, 24
    mov edx, 0xffff
    attempt protection, in al, dx
    leave_level
    .irp base, 0x6a, 0x6b, 0x1000, 0xffff
    use_bitmap 0x6a, \base
    enter_level 3
    attempt protection, in al, 0
    attempt protection, out 0x80, al
    leave_level
    .endr
    use_bitmap 0x6a, 0x69
    enter_level 3
    attempt no_exception, in al, 7
    attempt protection, in al, 8
    leave_level
    use_bitmap 0x2068                           # All 65536 ports and the byte behind them
    enter_level 3
    mov edx, 0xffff
    attempt no_exception, in al, dx
    leave_level
    mov byte ptr [io_tss + 0x2067], 0x80
    enter_level 3
    attempt protection, in al, dx
    leave_level
    finish
