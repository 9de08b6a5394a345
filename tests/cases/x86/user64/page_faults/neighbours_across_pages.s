# Accesses off one register, of which one lies in a page that is not there: those in front of it are done, and it faults by
# itself (Intel SDM Vol. 3, 6.5 and 4.7). An engine that checks neighbours together must not fault for one that is not reached.

given rdi, 0x1fffe8
expect rax, 0x1111
expect rbx, 0x2222
expect rcx, 0x3333
expect rdx, 0
expect rsi, 3
expect rdi, 0x1fffe8
expect_memory 0x1fffe8, 8, 0x1111
expect_memory 0x1ffff8, 8, 0x3333
faults page_fault, fault, 4
expect cr2, 0x200000
undefined CF|OF|SF|ZF|AF|PF

    mov esi, 3
    mov eax, 0x1111
    mov ebx, 0x2222
    mov ecx, 0x3333
    xor edx, edx
    mov [rdi], rax
    mov [rdi + 8], rbx
    mov [rdi + 16], rcx
    mov rax, [rdi]
    mov rbx, [rdi + 8]
    mov rcx, [rdi + 16]
    cmp esi, 3
    je fault
    mov rdx, [rdi + 32]                         # Not reached
fault:
    mov rdx, [rdi + 24]
    hlt
