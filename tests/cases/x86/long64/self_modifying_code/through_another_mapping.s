# Code that was changed through another linear address of its page is what runs next, once the program has serialized (Intel
# SDM Vol. 3, 8.1.3): the processor knows code by its physical address.

given rcx, 5
expect rcx, 0
expect rbx, 0+1+2+3+4
expect rax, 5
expect rdi, unmapped+1
expect_memory 0x28000, 6, 0xc300000005b8

    mov dword ptr [0x28000], 0x000000b8         # mov eax, 0
    mov word ptr [0x28004], 0xc300              # ret
    mov qword ptr [page_directory + 8], 0x29003
    mov qword ptr [0x29000], 0x28003            # A second place for the page, beyond the first 2 MiB
    mov edi, unmapped + 1
again:
    mov edx, 0x28000
    call rdx
    add ebx, eax
    inc byte ptr [rdi]                          # The immediate
    mov rax, cr2
    mov cr2, rax                                # Serializes.
    dec ecx
    jnz again
    call rdx
    test ecx, ecx
    hlt
expect rdx, 0x28000
expect rflags, ZF|PF
undefined AF
