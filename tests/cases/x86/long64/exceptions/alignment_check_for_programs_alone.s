# CR0.AM and AC check nothing at CPL 0, and at CPL 3 not the CPU's own accesses to descriptor tables (Intel SDM Vol. 3,
# interrupt 17).

.include "x86/long64/event_log.inc"

    log_events 17
    mov esi, 0x600
    mov edi, 0x20001
    mov ecx, 0x58
    rep movsb
    mov eax, 0x80050033                     # AM
    mov cr0, rax
    push AC|2
    popfq
    mov ecx, [rbx + 0x101]
    lgdt [rip + odd_table]
    push user_data
    push 0x1e0000
    push AC|2
    push user_code64
    push offset user
    iretq
user:
    raises 17, 0, mov [rbx + 1], ecx
    mov eax, user_data
    mov ds, eax                             # From an odd address.

given rbx, 0x20000
expect rax, user_data
expect rsi, 0x658
expect rdi, 0x20059
expect cr0, 0x80050033
expect gdtr_base, 0x20001
expect gdtr_limit, 0x57
expect rflags, AC
expect rsp, 0x1e0000
expect cpl, 3
expect cs, user_code64
expect ss, user_data
expect ds, user_data
expect es, 0
expect fs, 0
expect gs, 0
    all_logged
odd_table:
    .word 0x57
    .quad 0x20001
