# An instruction that reaches into a page that is not there faults at its first byte; CR2 is the first byte that is missing.

given rbx, unmapped-3
given rax, 7
faults page_fault, unmapped-3, 0x14
expect cr2, unmapped

    mov word ptr [rbx], 0x01b8          # mov eax, ?
    jmp rbx
