# A load of FS or GS sets its base to the descriptor's 32 bits, whatever the MSR held above them; a null selector,
# with any RPL, clears it, on Intel's processors and on AMD's with NullSelectorClearsBase (AMD APM Vol. 3, CPUID
# Fn8000_0021; Intel SDM Vol. 3, 3.4.4).

.include "x86/long64/faults.inc"

descriptor based, 0x93, 0xfffff, 0xfedcba98
given fs_base, 0x123456789a
given gs_base, 0x123456789a
given kernel_gs_base, 0x55
expect fs, based
expect gs, 3
expect fs_base, 0xfedcba98
expect gs_base, 0
expect kernel_gs_base, 0x55
expect rax, 3

    mov eax, based
    mov fs, eax
    mov eax, 3
    mov gs, eax
    hlt
