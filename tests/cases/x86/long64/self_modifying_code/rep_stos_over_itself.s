# A repeated store that overwrites its own bytes goes on to its end, also while a breakpoint is armed that nothing hits: the
# instruction is not fetched again as long as no event comes between its iterations (Intel SDM Vol. 2B, REP).

expect rax, 0x90
expect rcx, 0
expect rdi, repeated + 0x40
expect rip, end

    mov eax, offset never
    mov dr0, rax
    mov eax, 2                                  # G0: execution
    mov dr7, rax
    mov eax, 0x90
    mov edi, offset repeated
    mov ecx, 0x40
repeated:
    rep stosb
    .fill 0x3e, 1, 0xcc
end:
    hlt
never:
    ud2
