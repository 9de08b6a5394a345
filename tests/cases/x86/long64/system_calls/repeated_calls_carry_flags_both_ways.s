# In each of many rounds SYSCALL brings the program's flags to R11 and clears those of FMASK, and SYSRET brings back what R11 has
# by then; CS, SS and RCX are as they should be (Intel SDM Vol. 2B, SYSCALL, SYSRET).

.include "x86/long64/system_calls/repeated.inc"

# As LAHF and SETO have them: from R11, and from the flags, which stay.
.macro status_of_r11 into:req, low:req
    movzx \into, r11b
    shl \into, 8
    bt r11d, 11
    setc \low
.endm
.macro status into:req
    lahf
    seto al
    movzx \into, ax
.endm
.macro must_be register:req, value:req
    cmp \register, \value
    jne wrong
.endm

    mov ebp, 40
    enter_program
program:
    imul eax, ebp, 0x1e3779b1
    add al, ah
    status r8d
    syscall
back:
    status eax
    must_be eax, r9d
    mov eax, cs
    must_be eax, user_code64
    mov eax, ss
    must_be eax, user_data
    dec ebp
    jnz program
    cld
    .irp register, eax, edx, r8d, r9d, r11d, ecx
    xor \register, \register
    .endr
done:
    ud2
wrong:
    int3

kernel:
    pushfq
    pop rdx
    mov eax, r11d
    and eax, ~call_mask
    must_be rdx, rax
    status_of_r11 eax, al
    must_be eax, r8d
    cmp ecx, offset back
    jne wrong
    mov eax, cs
    must_be eax, kernel_code64
    mov eax, ss
    must_be eax, kernel_data
    xor r11d, CF|PF|AF|ZF|SF|DF|OF
    status_of_r11 r9d, r9b
    sysretq

faults invalid_opcode, done
expect rflags, ZF|PF
expect cpl, 3
expect cs, user_code64
expect ss, user_data
