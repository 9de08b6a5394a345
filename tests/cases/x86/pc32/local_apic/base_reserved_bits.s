# Reserved bits of IA32_APIC_BASE, 7:0, 9 and those beyond the physical address, raise #GP; the boot processor's flag
# reads as 1 (Intel SDM Vol. 3, figure 11-5).

expect rbx, 0xfee00900
expect rsi, 0
expect_log 13, 13, 13, 13

    gate 13, handler
    mov ecx, msr_apic_base
    rdmsr
    mov ebx, eax
    mov esi, edx
    .irp bits, 1, 0x80, 0x200
    mov eax, 0xfee00900 | \bits
    mov ebp, offset 1f
    wrmsr
1:
    .endr
    mov eax, ebx
    mov edx, 1 << 20            # Bit 52 is beyond every CPU's.
    mov ebp, offset 1f
    wrmsr
1:  xor ecx, ecx
    xor edx, edx
    xor ebp, ebp
    finish
handler:
    log 13
    mov [esp + 4], ebp
    add esp, 4
    iretd
