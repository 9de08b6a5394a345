# A loop that calls two routines in other pages, for long enough to have all three taken for one piece of code, calls others at
# the same linear addresses once these are mapped elsewhere (Intel SDM Vol. 3, 4.10.4.1), and the former ones again.

given rcx, 4096
expect rcx, 0
expect rax, 2048
expect rbx, 20480
expect rdx, 8192
expect rsi, 0
expect rflags, ZF|PF
undefined AF

    mov dword ptr [0x28000], 0xc3c0ff           # inc eax; ret
    mov dword ptr [0x29000], 0xc30ac383         # add ebx, 10; ret
    mov dword ptr [0x2a000], 0xc302c283         # add edx, 2; ret
again:
    call changing
    call staying
    mov esi, ecx
    and esi, 255
    dec esi
    jnz next
    xor dword ptr [page_table + 0x28 * 8], 0x1000
    invlpg [0x28000]
next:
    dec ecx
    jnz again
    xor esi, esi
    hlt
.set changing, 0x28000
.set staying, 0x2a000
