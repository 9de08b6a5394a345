# Interrupts are held back for one instruction after MOV to SS and POP SS, so that ESP can be loaded with it (Intel SDM
# Vol. 3, 6.8.3). A timer is set to a little later time and later again, until it has been seen on both sides of each
# pair: never within.

expect rbx, 0
expect rcx, 7                   # Before, after, and between the pairs.

    gate 0x41, handler
    mov dword ptr [apic_divide], 0xb
    mov dword ptr [apic_lvt_timer], 0x41
    mov ax, ss
    mov esi, 1
again:
    pushfd
    or dword ptr [esp], IF
    popfd
    mov [apic_initial_count], esi
    nop
    nop
before:
    mov ss, ax
within:
    mov esp, 0x1f0000
between:
    push ss
    pop ss
within_pop:
    mov esp, 0x1f0000
after:
    .rept 100
    nop
    .endr
    cli
    inc esi
    cmp esi, 60
    jb again
    xor esi, esi
    finish
handler:
    push eax
    mov eax, [esp + 4]
    cmp eax, offset within
    je wrong
    cmp eax, offset within_pop
    je wrong
    cmp eax, offset before
    ja 1f
    or ecx, 1
1:  cmp eax, offset after
    jb 1f
    or ecx, 2
1:  cmp eax, offset between
    jne 1f
    or ecx, 4
1:  end_apic
    pop eax
    iretd
wrong:
    inc ebx
    jmp 1b
