# With CR4.SMAP a supervisor's access to a user page faults unless RFLAGS.AC is set (Intel SDM Vol. 3, 4.6.1).

given rbx, 0x20000
faults page_fault, fault, 1
expect cr2, 0x20000
given cr4, 0x40620
expect cr4, 0x240620
expect rax, 0x240620
expect rcx, 7

    # Code, stack, tables and handlers become the supervisor's.
    mov byte ptr [page_table + 0x10 * 8], 3
    mov byte ptr [page_table + 0x1ef * 8], 3
    mov byte ptr [page_table], 3
    mov byte ptr [page_table + 8], 3
    mov rax, cr3
    mov cr3, rax
    mov eax, 0x240620
    mov cr4, rax
    mov qword ptr [rip + own], 7
    stac
    mov rcx, [rip + own]
    mov [rbx], rcx
    clac
fault:
    mov rdx, [rbx]
    hlt
    .balign 8
own:
    .quad 0
expect_memory 0x20000, 8, 7
