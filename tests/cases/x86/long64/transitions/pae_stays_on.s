# Clearing CR4.PAE in IA-32e mode: #GP(0), and nothing else that the same write would change has changed (Intel SDM
# Vol. 3, 9.8.5.3).

faults general_protection, fault

    mov rax, cr4
    btr eax, 5
    bts eax, 2                  # TSD
fault:
    mov cr4, rax

expect rax, 0x40604
undefined CF|PF|AF|ZF|SF|OF
