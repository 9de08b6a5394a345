# Real mode is privilege level 0 without descriptors: ports, flags and control registers are free whatever IOPL says, while
# what concerns selectors of tables does not exist (#UD): LLDT, LTR, SLDT, STR, LAR, LSL, VERR, VERW, ARPL (Intel SDM Vol. 2;
# Vol. 3, 20.1.3). SYSENTER and SYSEXIT raise #GP(0).

.include "x86/real16/privileged/attempts.inc"

    catch_exceptions
    mov ecx, 0x174                              # IA32_SYSENTER_CS
    mov eax, kernel_code32
    xor edx, edx
    attempt no_exception, wrmsr
    attempt no_exception, rdmsr
    must_equal eax, kernel_code32
    xor eax, eax
    push 2                                      # IOPL 0
    popf
    attempt no_exception, in al, 0x80
    attempt no_exception, out 0x80, al
    xor eax, eax
    .irp instruction, cli, sti, clts, "mov ebx, cr0", "mov cr2, eax", "mov dr0, eax", invd
    attempt no_exception, \instruction
    .endr
    .irp instruction, wbinvd, "smsw bx", "lmsw ax", "sgdt [0x9000]", "sidt [0x9000]", "invlpg [0x9000]", rdtsc
    attempt no_exception, \instruction
    .endr
    .irp instruction, "lldt ax", "ltr ax", "sldt ax", "str ax", "lar ax, bx", "lsl ax, bx", "verr ax", "verw ax"
    attempt illegal, \instruction
    .endr
    attempt illegal, .byte 0x63, 0xc3           # arpl bx, ax
    attempt illegal, .byte 0x0f, 0x01, 0xf8     # swapgs
    attempt illegal, .byte 0xf3, 0x0f, 0xae, 0xc0       # rdfsbase eax
    attempt protection, sysenter
    attempt protection, sysexit
    finish
