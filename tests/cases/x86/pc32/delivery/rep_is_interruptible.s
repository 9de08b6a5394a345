# A repeated string instruction is interrupted between two iterations, with its registers showing how far it is, EIP at
# the instruction, and RF set in the flags pushed; it goes on afterwards (Intel SDM Vol. 2, REP; Vol. 3, 17.3.1.1). The
# first of its stores is the interrupt command here; the others meet the space between registers, which ignores them.

.set RF, 1 << 16
expect rbx, 3
expect rcx, 0
expect rdx, the_rep
expect rsi, list + 4
expect rbp, RF
expect_memory results, 8, apic_command + 4
expect_log 1

    gate 0x41, handler
    mov ecx, 4
    mov esi, offset list
    push edi
    mov edi, offset apic_command
    pushfd
    or dword ptr [esp], IF
    popfd
the_rep:
    rep movsd
    cli
    sub esi, 12
    pop edi
    log 1
    finish
list:
    .long to_self | assert | 0x41, 0, 0, 0
handler:
    mov ebx, ecx
    mov edx, [esp]
    mov ebp, [esp + 8]
    and ebp, RF
    mov [results], edi
    end_apic
    iretd
