# Every way in which vector and x87 instructions store into code that ran before (Intel SDM Vol. 3, 11.6).

.include "x86/long64/privileged/attempts.inc"
.include "x86/long64/self_modifying_code/stores.inc"

.macro masked instruction
    mov edi, immediate
    \instruction
.endm

.macro of_integer instruction
    fild dword ptr [one]
    \instruction
    fninit
.endm

    catch_exceptions
    mov r15d, routine
    vmovups ymm0, [source]
    vpcmpeqd ymm1, ymm1, ymm1
    movq mm0, [source]
    pcmpeqd mm1, mm1
    stores 0x55667788, movd [immediate], xmm0
    stores 0x55667788, movd [immediate], mm0
    stores 0x55667788, movq [immediate], mm0
    stores 0x55667788, movntq [immediate], mm0
    stores 0x55667788, masked "maskmovq mm0, mm1"
    emms
    stores 0x55667788, movq [immediate], xmm0
    stores 0x55667788, movss [immediate], xmm0
    stores 0x55667788, movlps [immediate], xmm0
    stores 0x55667788, movups [immediate], xmm0
    stores 0x55667788, movaps [immediate], xmm0
    stores 0x55667788, movntdq [immediate], xmm0
    stores 0x55667788, masked "maskmovdqu xmm0, xmm1"
    stores 0x88, pextrb [immediate], xmm0, 0
    stores 0x112233c3, pextrd [immediate], xmm0, 1
    stores 0x112233c3, extractps [immediate], xmm0, 1
    stores 0x55667788, vmovdqu [immediate], ymm0
    stores 0x55667788, vmovntps [immediate], ymm0
    stores 0x55667788, vmaskmovps [immediate], ymm1, ymm0
    stores 0x55667788, vpmaskmovq [immediate], xmm1, xmm0
    stores 0x55667788, vextracti128 [immediate], ymm0, 0
    stores 0x1f80, stmxcsr [immediate]
    stores 0x037f, fnstcw [immediate]
    stores 0x3f800000, of_integer "fst dword ptr [immediate]"
    stores 1, of_integer "fist word ptr [immediate]"
    stores 1, of_integer "fisttp dword ptr [immediate]"
    stores 0x3800, of_integer "fnstsw [immediate]"
    fld tbyte ptr [source]
    stores 0x55667788, fstp tbyte ptr [immediate]
    fninit
    vzeroall
    finish
    .balign 32
source:
    .quad 0x112233c355667788, 0x1122334455667788, 0, 0
one:
    .long 1
