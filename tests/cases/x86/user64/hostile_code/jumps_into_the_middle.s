# The same bytes, entered at each of their first nine addresses, again and again: every way in is other code, and they
# meet again further on.

given rdi, 0x20000
expect rax, 0x60
expect rbx, 0xa8
expect rcx, 0
expect rdx, 0
expect rsi, 0x20009
undefined CF|PF|AF|ZF|SF|OF

    .set entries, 9
    .set at, 0
    .irp value, 0x04, 0x04, 0x04, 0x04, 0x80, 0xc3, 0x04, 0x80, 0xc3, 0x04, 0xc3
    mov byte ptr [rdi + at], \value             # add al, 4 and add bl, 4, and from each other byte something else
    .set at, at + 1
    .endr
    mov eax, 0
    mov ebx, 0
    mov edx, 6
again:
    mov rsi, rdi
    mov ecx, entries
next:
    call rsi
    inc rsi
    dec ecx
    jnz next
    dec edx
    jnz again
    hlt
