# SYSCALL saves RFLAGS in R11 and clears what IA32_FMASK has set, IOPL and IF included; RF is clear in any case, and no mask
# can clear the reserved bit (Intel SDM Vol. 2B, SYSCALL).

.include "x86/long64/privileged/attempts.inc"

given star, 0x0010000800000000
given lstar, kernel

.set every_flag, CF|PF|AF|ZF|SF|IF|DF|OF|0x3000|NT|AC | 1 << 19 | 1 << 20 | 1 << 21 | 2

.macro masked mask
    mov ecx, 0xc0000084
    mov eax, \mask
    xor edx, edx
    wrmsr
    mov rax, rsp
    push kernel_data
    push rax
    push every_flag
    push kernel_code64
    push offset .Lcall\@
    mov r15d, offset .Lback\@
    iretq
.Lcall\@:
    syscall
.Lback\@:
    must_equal r11, every_flag
    must_equal rbx, (every_flag & ~(\mask) | 2)
.endm

    catch_exceptions
    masked 0
    masked 0xffffffff
    .irp bit, 0, 1, 2, 4, 6, 7, 9, 10, 11, 12, 13, 14, 18, 19, 20, 21
    masked (1 << \bit)
    .endr
    push kernel_data
    push 0x1f0000
    push 2
    push kernel_code64
    push offset clean
    iretq
clean:
    finish

kernel:
    pushfq
    pop rbx
    push 2
    popfq
    jmp r15
expect fmask, 1<<21
