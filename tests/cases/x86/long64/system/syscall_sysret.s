# SYSRET enters CPL 3 and SYSCALL comes back: RCX and R11 hold RIP and RFLAGS, FMASK clears flags (Intel SDM Vol. 2B).

given star, 0x0010000800000000          # kernel CS 0x08, SS 0x10; user SS 0x18, CS 0x20
given lstar, kernel
given fmask, CF|DF
given rcx, user
given r11, CF|ZF|2
expect rcx, back
expect r11, CF|ZF|2
expect rax, user_code64
expect rbx, user_data
expect cs, kernel_code64
expect ss, kernel_data
expect rflags, ZF
expect rip, end
expect retired, 4

    sysretq
user:
    mov eax, cs
    mov ebx, ss
    syscall
back:
    ud2
kernel:
end:
    hlt
