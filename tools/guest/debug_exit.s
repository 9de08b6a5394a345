# debug-exit VALUE: writes VALUE (decimal, its low 8 bits) to the isa-debug-exit port, which ends the machine; the
# monitor's exit status is then (VALUE << 1) | 1. Needs root in the guest. Where it cannot end the machine its status
# is 1. A 32-bit program without a library, because kernels of either architecture run that.

.intel_syntax noprefix
.set system_exit, 1
.set system_ioperm, 101
.set debug_exit_port, 0x501

.globl _start
_start:
    mov esi, [esp + 8]      # argv[1], null when there is none
    test esi, esi
    jz fail
    xor edi, edi
    xor eax, eax
next_digit:
    lodsb
    test al, al
    jz open_port
    imul edi, edi, 10
    lea edi, [edi + eax - '0']
    jmp next_digit

open_port:
    mov eax, system_ioperm
    mov ebx, debug_exit_port
    mov ecx, 1
    mov edx, 1
    int 0x80
    test eax, eax
    jnz fail
    mov edx, debug_exit_port
    mov eax, edi
    out dx, al

fail:
    mov eax, system_exit
    mov ebx, 1
    int 0x80
