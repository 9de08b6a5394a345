# Of a program's PUSHes and POPs in a row, the one that meets an absent page finds RSP where those before it have left it
# (Intel SDM Vol. 3, 6.5), and so do those whose stack is beside code, which an engine may watch.

.include "x86/long64/paging/paging.inc"
.set upper, 255 << 39
.set rounds, 50
given rbx, upper+0x1800
expect rdi, 200*(1+2+3)

# In rounds, all but the last of which find their stack.
.macro pushing
    mov ecx, rounds
.Lpush_round:
    mov rsp, rbx
    cmp ecx, 1
    jne .Lpush
    lea rsp, [rbx + 0x1810]
.Lpush:
    push rax
    push rcx
.Labsent_below:
    push rdx
    push 5
    add rsp, 32
    dec ecx
    jnz .Lpush_round
.endm

.macro popping
    mov ecx, rounds
.Lpop_round:
    mov rsp, rbx
    cmp ecx, 1
    jne .Lpop
    lea rsp, [rbx + 0x7f0]
.Lpop:
    pop rax
    pop rdx
.Labsent_above:
    pop rbp
    pop rsi
    dec ecx
    jnz .Lpop_round
.endm

.macro beside_code
    mov ecx, 200
    jmp .Lrow
    .skip 64
.Lbottom:
.Lrow:
    push 1
    push 2
    push 3
    pop rax
    pop rdx
    pop rbp
    add rdi, rax
    add rdi, rdx
    add rdi, rbp
    dec ecx
    jnz .Lrow
.endm

    watch_page_faults
    mov qword ptr [page_map_level4 + 255 * 8], window_pdpte + everyone
    mov byte ptr [window_pte + 16], 0
    flush_translations
    mov [program_stack], rbx
    user_refused by_user|by_write, upper+0x2ff8, "pushing"
    restarts user_alias+.Labsent_below, upper+0x3000
    user_refused by_user, upper+0x2000, "popping"
    restarts user_alias+.Labsent_above, upper+0x2000

    mov qword ptr [page_map_level4 + 255 * 8], page_directory_pointers + everyone
    flush_translations
    lea rax, [rip + .Lbottom]
    mov rcx, upper
    add rax, rcx
    mov [program_stack], rax
    user_allowed "beside_code"
    .irp register, rax, rcx, rdx, rbp, rsi
    mov \register, 0
    .endr
    finish
undefined CF|PF|AF|ZF|SF|OF
