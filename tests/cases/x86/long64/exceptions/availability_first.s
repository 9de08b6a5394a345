# #UD and #NM for an instruction that must not be used now come before anything that its operands would raise, and #NM before an
# x87 error that is pending (Intel SDM Vol. 3, table 6-2: decoding precedes execution).

.include "x86/long64/event_log.inc"

    log_events invalid_opcode, device_not_available, x87_error
    fninit
    mov word ptr [rbx], 0x37b           # Division by zero is unmasked.
    fldcw [rbx]
    fld1
    fldz
    fdivp
    mov eax, 0x8001003b                 # TS
    mov cr0, rax
    raises device_not_available, 0, fwait
    raises device_not_available, 0, fld1
    raises device_not_available, 0, paddb mm0, [rdi]
    raises device_not_available, 0, fld dword ptr [rdi]
    raises device_not_available, 0, fstp tbyte ptr [rbp]
    raises device_not_available, 0, movaps xmm0, [rbx + 1]
    raises device_not_available, 0, vmovaps ymm0, [rdi]
    raises device_not_available, 0, fxsave [rbx + 1]
    mov eax, 0x80010037                 # EM
    mov cr0, rax
    raises invalid_opcode, 0, movaps [rdi], xmm0
    raises invalid_opcode, 0, movq mm0, [rdi]
    raises device_not_available, 0, fld dword ptr [rdi]
    mov eax, 0x80010033
    mov cr0, rax
    raises x87_error, 0, fld dword ptr [rdi]
    raises x87_error, 0, paddb mm0, [rdi]
    fnclex
    emms

given rbx, 0x20000
given rdi, unmapped
given rbp, 0x8000000000000000
expect rax, 0x80010033
    all_logged
