# Setting PG with EFER.LME while CR4.PAE is clear: #GP(0), and neither PG nor LMA is set (Intel SDM Vol. 3, 9.8.5.3).

given efer, 0x100
given cr4, 0
faults general_protection, fault
expect efer, 0x100
expect rax, 0x80010033

    mov eax, 0x80010033
fault:
    mov cr0, eax
