# ESC instructions raise #NM with CR0.EM or CR0.TS set, also those that do not wait for errors; WAIT does with MP and TS (Intel
# SDM Vol. 3, 2.5 and table 2-2).

.include "x86/long64/event_log.inc"

    log_events device_not_available
    .macro control mp, em, ts
    mov eax, 0x80010031 | \mp << 1 | \em << 2 | \ts << 3
    mov cr0, rax
    .irp instruction, "fldz", "fnop", "fninit", "fnstcw [rbx]", "fnclex", "fcomi st(1)", "fld tbyte ptr [rbx]"
    .if \em | \ts
    raises device_not_available, 0, \instruction
    .else
    \instruction
    .endif
    .endr
    .if \mp & \ts
    raises device_not_available, 0, fwait
    .else
    fwait
    .endif
    .endm
    .irp em, 0, 1
    .irp ts, 0, 1
    control 0, \em, \ts
    control 1, \em, \ts
    .endr
    .endr
    clts

given rbx, 0x20000
expect rax, 0x8001003f
expect cr0, 0x80010037
undefined CF|PF|AF|ZF|SF|OF
    all_logged
