# SYSCALL in compatibility mode: AMD's processors go to IA32_CSTAR in 64-bit mode, with the return address in RCX and flags
# masked as from 64-bit mode; Intel's raise #UD (AMD APM Vol. 2, 6.1.1; Intel SDM Vol. 2B, SYSCALL).

.include "x86/long64/privileged/attempts.inc"

given star, 0x0010000800000000
given lstar, wrong_entry
given cstar, kernel
given fmask, CF

    catch_exceptions
    .irp level, 0, 3
    .if \level
    enter_level 3, CF|2, user_code32
    .else
    enter_level 0, CF|2, kernel_code32
    .endif
    .code32
    mov esi, offset .Lback\level
    attempt_by_maker no_exception, illegal, syscall
    .code32
    leave_level
    .code64
    jmp .Lnext\level
.Lback\level:
    must_equal r11, (CF|2)
    mov eax, cs
    must_equal rax, kernel_code64
    mov rsp, [attempts_stack_pointer]
.Lnext\level:
    .endr
    finish

kernel:
    mov edx, [rcx]                              # What stands behind the SYSCALL
    pushfq
    pop rbx
    must_equal rbx, 2
    jmp rsi
wrong_entry:
    ud2
