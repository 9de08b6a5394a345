# The instructions that save x87 and vector state store over code that ran before: XMM0 or ST0 holds a routine, which is run
# from the save area (Intel SDM Vol. 3, 11.6; Vol. 1, 13.4.1 for where XMM0 lies).

.include "x86/long64/privileged/attempts.inc"

.set area, 0x28000
.set routine, area + 160

.macro saved instruction:vararg
    mov byte ptr [routine], 0xb8                # mov eax, 0; ret
    mov dword ptr [routine + 1], 0
    mov byte ptr [routine + 5], 0xc3
    call r15
    must_equal eax, 0
    mov eax, 7
    \instruction
    call r15
    must_equal eax, 0x55667788
.endm

    catch_exceptions
    mov r15d, routine
    movaps xmm0, [code]
    xor edx, edx
    saved fxsave [area]
    saved fxsave64 [area]
    saved xsave [area]
    saved xsave64 [area]
    saved xsaveopt [area]
    saved xsavec [area]
    fld tbyte ptr [code]
    saved fnsave [routine - 28]
    vzeroall
    fninit
    finish
    .balign 16
code:
    mov eax, 0x55667788
    ret
    .byte 0x90, 0x90, 0x90, 0x40, 0, 0, 0, 0, 0, 0
