# Virtual-8086 mode is user mode for paging: a supervisor page faults with U/S set, at the linear address that
# segment and offset make, and the handler's frame goes to a supervisor stack (Intel SDM Vol. 3, 20.2.1 and 4.6).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, 0x10     # PSE
faults page_fault, fault-code_origin, 5
ends_in_program VM
expect cr0, 0x80010033
expect cr2, 0x2f345
expect cr3, 0x40000
expect es, 0x2f00

    mov dword ptr [0x40000], 0x41007
    mov edi, 0x41000
    mov eax, 7
1:  mov [edi], eax
    add edi, 4
    add eax, 0x1000
    cmp eax, 0x200007
    jne 1b
    mov dword ptr [0x410bc], 0x2f003    # 2f000: supervisor
    mov dword ptr [0x41018], 0x6003     # and so are the TSS and the stack
    mov edi, 0x40000
    mov cr3, edi
    mov edi, cr0
    bts edi, 31
    mov cr0, edi
    xor edi, edi
    xor eax, eax
    enter_program VM
    push 0x2f00
    pop es
fault:
    mov al, es:[0x345]
    hlt
