# The same bytes at two linear addresses, with relative operands and branches: each sees its own neighbourhood (RIP-relative
# addressing and CALL are relative to the linear address that is executed).

expect rax, 0x28000
expect rbx, unmapped
expect rcx, 0x1111
expect rdx, 0x2222
expect rsi, 0x1111
expect rip, end

    mov qword ptr [page_directory + 8], 0x2a003
    mov qword ptr [0x2a000], 0x28003            # The page at 0x28000 once more,
    mov qword ptr [0x2a008], 0x2b003            # with another one behind it
    mov dword ptr [0x29000], 0x1111
    mov dword ptr [0x2b000], 0x2222
    mov esi, offset routine
    mov edi, 0x28000
    mov ecx, offset routine_end - routine
    rep movsb
    xor edi, edi
    mov ebp, 0x28000
    call rbp
    mov rbx, rax
    mov ecx, edx
    mov ebp, unmapped
    call rbp
    xchg rax, rbx
    mov ebp, 0x28000
    push rax
    push rdx
    call rbp                                    # The first again
    mov esi, edx
    pop rdx
    pop rax
    xor ebp, ebp
end:
    hlt
routine:
    lea rax, [rip - 7]
    mov edx, [rip + 0x1000 - 13]                # At the beginning of the next page
    ret
routine_end:
undefined CF|PF|AF|ZF|SF|OF
