# Execution goes on at EIP 0 behind an instruction that ends with the last byte of a 4 GiB segment (checked on the CPU; Intel SDM
# Vol. 3, 5.3, leaves it open).

.include "x86/prot32/faults.inc"

descriptor based, 0x9b, 0xfffff, 0x20000
expect cs, based
expect rip, 1
expect rax, 1
expect rbx, 0x20000

    mov ebx, 0x20000
    mov word ptr [ebx - 2], 0xc0ff          # inc eax
    mov byte ptr [ebx], 0x90
    mov byte ptr [ebx + 1], 0xf4
    ljmp based:0xfffffffe
