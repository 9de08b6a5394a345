# Code that was just written is what runs next, in the same block, in a loop, and behind a call.

given rcx, 3
expect rax, 0x2a
expect rbx, 6
expect rcx, 0
expect rdx, 0x33
expect rflags, ZF|PF

    mov byte ptr [rip + patched + 1], 0x2a
patched:
    mov eax, 1
loop_start:
    add ebx, 1                  # its immediate grows: 1 + 2 + 3
    inc byte ptr [rip + loop_start + 2]
    dec ecx
    jnz loop_start
    call routine
    mov byte ptr [rip + routine + 1], 0x33
    call routine
    test ecx, ecx
    hlt
routine:
    mov edx, 0x11
    ret
undefined AF
