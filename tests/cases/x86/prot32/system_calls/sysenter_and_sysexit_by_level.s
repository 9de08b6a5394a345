# SYSENTER works at every level, SYSEXIT at level 0 alone; both need an IA32_SYSENTER_CS that is no null selector, or raise
# #GP(0). SYSEXIT takes CS and SS from IA32_SYSENTER_CS+16 and +24 with level 3, EIP from EDX and ESP from ECX, and changes no
# flag (Intel SDM Vol. 2B, SYSENTER, SYSEXIT).

.include "x86/prot32/privileged/attempts.inc"

given sysenter_esp, 0x1d0000
given sysenter_eip, kernel

.macro set_code selector
    mov ecx, 0x174
    mov eax, \selector
    xor edx, edx
    wrmsr
.endm

    catch_exceptions
    mov dword ptr [attempts_gdt_end], 0x0000ffff        # Data of level 3, behind the code of level 3
    mov dword ptr [attempts_gdt_end + 4], 0x00cff300
    .irp null, 0, 1, 2, 3
    set_code \null
    attempt protection, sysenter
    attempt protection, sysexit
    .endr
    enter_level 3
    attempt protection, sysenter
    leave_level
    set_code 0x68
    .irp level, 1, 2, 3
    enter_level \level, CF|2
    attempt protection, sysexit
    mov esi, offset .Lback\level
    sysenter
.Lback\level:
    mov eax, esp
    must_equal eax, 0x1d0000
    mov eax, cs
    must_equal eax, 0x68
    mov eax, ss
    must_equal eax, 0x70
    mov eax, cr0                                # At level 0 indeed
    mov esp, [attempts_stack_pointer]
    jmp kernel_code32:.Lnext\level
.Lnext\level:
    mov ss, [selectors]
    .endr
    mov edx, offset user
    mov ecx, 0x1c0000
    push DF|CF|2
    popfd
    sysexit
user:
    pushfd
    pop eax
    must_equal eax, (DF|CF|2)
    mov eax, esp
    must_equal eax, 0x1c0000
    mov eax, cs
    must_equal eax, attempts_code3
    mov eax, ss
    must_equal eax, (attempts_gdt_end - 0x600 + 3)
    attempt protection, hlt                     # At level 3 indeed
    leave_level
    finish

kernel:
    jmp esi
selectors:
    .word kernel_data
