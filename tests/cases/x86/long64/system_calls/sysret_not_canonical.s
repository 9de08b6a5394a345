# SYSRET with an RCX that is not canonical: Intel's processors raise #GP(0) before they change anything, at level 0; AMD's
# return, and the #GP(0) comes from fetching at level 3 (Intel SDM Vol. 2B, SYSRET; AMD APM Vol. 3, SYSRET, checks nothing).

.include "x86/long64/privileged/attempts.inc"

given star, 0x0010000800000000

    catch_exceptions
    mov eax, offset on_fault
    mov [interrupt_table + protection * 16], ax
    mov dword ptr [interrupt_table + protection * 16 + 4], 0x00018e00
    mov rcx, 0x0000800000000000
    mov r11d, 2
returning:
    sysretq

on_fault:                                       # Error code, RIP, CS
    pop rax
    must_equal rax, 0
    pop rbx
    pop rax
    cmp byte ptr [attempts_is_amd], 0
    je intel
    must_equal rbx, 0x0000800000000000
    must_equal rax, user_code64
    jmp done
intel:
    must_equal rbx, returning
    must_equal rax, kernel_code64
done:
    finish
