# A write of the time-stamp counter moves IA32_TSC_ADJUST by as much, and a write of IA32_TSC_ADJUST the counter (Intel SDM
# Vol. 3, 17.17.3). Time stands still on the bare machine.

.include "x86/long64/privileged/attempts.inc"

.macro written number, low, high
    mov ecx, \number
    mov eax, \low
    mov edx, \high
    attempt no_exception, wrmsr
.endm

.macro is number, low, high
    mov ecx, \number
    attempt no_exception, rdmsr
    must_equal rax, \low
    must_equal rdx, \high
.endm

    catch_exceptions
    is 0x3b, 0, 0
    written 0x10, 0x89abcdef, 0x1
    is 0x10, 0x89abcdef, 0x1
    is 0x3b, 0x89abcdef, 0x1
    written 0x3b, 0xffffffff, 0xffffffff
    rdtsc
    must_equal rax, 0xffffffff
    must_equal rdx, 0xffffffff
    written 0x10, 0, 0
    is 0x3b, 0, 0
    finish
