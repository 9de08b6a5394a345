# FNSTENV shows the last x87 instruction that was not one of control, and the last operand in memory, wherever it is
# executed (Intel SDM Vol. 1, 8.1.8 to 8.1.10). An instruction that faults does not count. On Intel's CPUs opcode and operand
# are those of the last exception: last_exception_pointers.

maker amd

.include "x86/long64/event_log.inc"
.include "x86/long64/x87/environments.inc"

    log_events page_fault

    fninit
    shows 0, 0, 0
load:
    fld dword ptr [rbx + rcx * 4 + 8]
    shows load, 0x144, 0x24018
    mov ebx, 0x25000
constant:
    fldpi
    fnstcw [rbx]
    fnstsw ax
    shows constant, 0x1eb, 0x24018
    mov [rbx + 8], rax
store:
    fstp tbyte ptr [rbx + 16]
    jmp 1f
    .balign 64
1:  fnclex
    movq mm0, [rbx]
    emms
    shows store, 0x37b, 0x25010
    mov esi, 20
again:
    fild word ptr [rbx + rsi * 2]
    xor eax, eax
last:
    fstp st
    dec esi
    jnz again
    shows last, 0x5d8, 0x25002
before_branch:
    fst qword ptr [rbx + 24]
    test esi, esi
    jz 1f
    fabs
1:  shows before_branch, 0x553, 0x25018
far_back:
    fchs
    .rept 400
    nop
    .endr
    shows far_back, 0x1e0, 0x25018
    raises page_fault, 0, fld qword ptr [unmapped]
    shows far_back, 0x1e0, 0x25018
    fld1
relative:
    fadd dword ptr [rip + number]
    raises page_fault, 2, fstp qword ptr [unmapped]
    shows relative, 0x005, number
    mov r14d, 0x20000
    xor eax, eax
    mov ebx, 0x24000

given rbx, 0x24000
given rcx, 4
given r14, 0x20000
expect cr2, unmapped
undefined CF|PF|AF|ZF|SF|OF
    all_logged
number: .float 1.0
