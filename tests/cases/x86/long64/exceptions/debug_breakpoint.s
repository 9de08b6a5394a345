# A data breakpoint traps after the access (Intel SDM Vol. 3, 17.2.4): DR6 tells which one.

faults debug_exception, after
expect dr6, 0xffff0ff1
expect rax, 0xd0402
expect_memory 0x20000, 4, 0x20000

    mov ebx, 0x20000
    mov dr0, rbx
    mov eax, 0xd0402            # global, 4 bytes, on a write
    mov dr7, rax
    mov ecx, [rbx]
    mov [rbx], ebx
after:
    hlt
expect rbx, 0x20000
