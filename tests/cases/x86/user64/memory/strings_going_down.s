# REP MOVS and STOS with DF set, over the end of a page: each does what as many without the prefix do, also where the
# destination is just below the source, or neither is aligned.

given r15, 0
expect r15, 12
expect rax, 0
expect rbx, 0
expect rcx, 0
expect rsi, 0
expect rdi, 0
expect r8, 0
expect r9, 0
undefined CF|PF|AF|ZF|SF|OF

    jmp start

.set once_at, 0x20000
.set repeated_at, 0x30000
.set size, 0x2000
.set middle, size / 2 + 0x40    # Above the end of the first page.

# Fills both areas with bytes that differ from their neighbours.
fill:
    mov ecx, size - 1
1:  imul eax, ecx, 0x6b
    mov [once_at + rcx], al
    mov [repeated_at + rcx], al
    dec ecx
    jns 1b
    ret

same:
    cld
    mov esi, once_at
    mov edi, repeated_at
    mov ecx, size / 8
    repe cmpsq
    jne done
    inc r15
    ret

.macro compare instruction, count, source, destination
    call fill
    std
    mov rax, 0x1122334455667788
    mov esi, once_at + \source
    mov edi, once_at + \destination
    mov ebx, \count
1:  \instruction
    dec ebx
    jnz 1b
    sub esi, once_at
    sub edi, once_at
    mov r8d, esi
    mov r9d, edi
    mov esi, repeated_at + \source
    mov edi, repeated_at + \destination
    mov ecx, \count
    rep \instruction
    sub esi, repeated_at
    sub edi, repeated_at
    cmp esi, r8d
    jne done
    cmp edi, r9d
    jne done
    call same
.endm

start:
    compare movsb, 200, middle, middle+500
    compare movsb, 200, middle, middle-1
    compare movsb, 200, middle, middle+1
    compare movsw, 100, middle+1, middle-6
    compare movsd, 100, middle, middle-3
    compare movsd, 100, middle+3, middle-0x200
    compare movsq, 60, middle, middle-4
    compare movsq, 60, middle+5, middle+9
    compare movsq, 60, middle, middle-0x58
    compare stosb, 200, middle, middle
    compare stosd, 100, middle, middle+2
    compare stosq, 60, middle, middle
done:
    cld
    .irp register, eax, ebx, ecx, esi, edi, r8d, r9d
    xor \register, \register
    .endr
    hlt
