# SYSCALL writes RCX and R11 and no other general register, RSP included, at whatever level it is executed (Intel SDM
# Vol. 2B, SYSCALL).

.include "x86/long64/privileged/attempts.inc"

given star, 0x0010000800000000
given lstar, kernel

    catch_exceptions
    .irp level, 0, 1, 2, 3
    enter_level \level, CF|ZF|2
    mov r15d, offset .Lback\level
    mov rax, 0x1111111111111111
    mov rdx, 0x2222222222222222
    mov rcx, -1
    mov r11, -1
    syscall
.Lback\level:
    must_equal rcx, .Lback\level
    must_equal r11, (CF|ZF|2)
    must_equal rax, 0x1111111111111111
    must_equal rdx, 0x2222222222222222
    mov rax, rsp
    must_equal rax, attempts_stack
    mov ecx, cs
    must_equal rcx, kernel_code64
    mov ecx, ss
    must_equal rcx, kernel_data
    mov rcx, cr0                                # At level 0 indeed
    mov rsp, [attempts_stack_pointer]
    .endr
    finish

kernel:
    jmp r15
