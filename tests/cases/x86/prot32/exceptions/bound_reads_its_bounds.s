# BOUND faults over bounds that it cannot read before it compares; #BR has RF set and the address of BOUND. With a 16-bit
# operand size the bounds are two words, and are signed (Intel SDM Vol. 2A, BOUND).

.include "x86/prot32/faults.inc"

.set bounds, 0x20000
descriptor narrow_data, 0x93, bounds+7, 0, 4
expect fs, narrow_data
expect rbx, 0x10002
expect rcx, fault

    watch_faults
    mov dword ptr [bounds], 0x0005fffe      # -2 to 5, and 5 to 6.
    mov dword ptr [bounds + 4], 6
    gate 5, exceeded
    mov eax, narrow_data
    mov fs, eax
    mov eax, -2
    refused general_protection, 0, bound eax, fs:[bounds + 1]
    bound ax, [bounds]
fault:
    bound ax, [bounds + 2]
behind:
    hlt
.pushsection .text, 3
exceeded:
    mov ecx, [esp]
    mov ebx, [esp + 8]
    or ebx, CF|PF|AF|ZF|SF|OF
    xor ebx, CF|PF|AF|ZF|SF|OF
    add dword ptr [esp], behind - fault
    iretd
.popsection
expect rax, 0xfffffffe
