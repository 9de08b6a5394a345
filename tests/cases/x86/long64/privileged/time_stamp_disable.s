# CR4.TSD makes RDTSC and RDTSCP privileged; they clear the upper halves of RAX and RDX, and RDTSCP gives IA32_TSC_AUX in
# RCX (Intel SDM Vol. 2B, RDTSC, RDTSCP). Time stands still on the bare machine.

.include "x86/long64/privileged/attempts.inc"

expect cr4, 0x40624

.macro preset_registers
    mov rax, -1
    mov rdx, rax
    mov rcx, rax
.endm

.macro read_at level, expected
    enter_level \level
    preset_registers
    attempt \expected, rdtsc
    .if \expected == no_exception
    must_equal rax, 0x55667788
    must_equal rdx, 0x11223344
    .else
    must_equal rax, -1
    .endif
    must_equal rcx, -1
    preset_registers
    attempt \expected, rdtscp
    .if \expected == no_exception
    must_equal rax, 0x55667788
    must_equal rdx, 0x11223344
    must_equal rcx, 0x89abcdef
    .else
    must_equal rcx, -1
    .endif
    leave_level
.endm

    catch_exceptions
    mov ecx, 0x10                               # IA32_TIME_STAMP_COUNTER
    mov edx, 0x11223344
    mov eax, 0x55667788
    wrmsr
    mov ecx, 0xc0000103                         # IA32_TSC_AUX
    xor edx, edx
    mov eax, 0x89abcdef
    wrmsr
    .irp level, 0, 1, 2, 3
    read_at \level, no_exception
    .endr
    mov rax, cr4
    or rax, 1 << 2
    mov cr4, rax
    read_at 0, no_exception
    .irp level, 1, 2, 3
    read_at \level, protection
    .endr
    mov ecx, 0x10
    xor eax, eax
    xor edx, edx
    wrmsr
    finish
