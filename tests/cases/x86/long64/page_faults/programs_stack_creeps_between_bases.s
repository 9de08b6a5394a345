# A program moves its stack pointer through half of its addresses, with no access on the way, and writes FS's base between
# the steps, which says nothing of RSP (Intel SDM Vol. 2D, WRFSBASE). What it then pushes is where RSP says, also by code
# that has run before, when RSP was still where it began.

.include "x86/long64/page_faults/distant_stacks.inc"
.set segment_bases_enable, 16
given rbx, upper+top
expect rdi, 0x77
expect_memory top-8, 8, 0x77                    # Which is where the stack was, and is again at the end.
expect_memory window_page+0x1ff8, 8, 0

.macro creeping
    mov rax, other                              # Which is where an engine that relies on RSP would push.
    cmp [rax - 8], ecx
    xor edx, edx
    xor ebp, ebp
    mov rsi, rsp
    mov rsp, rbx
    mov ecx, 3
.Lstep\@:
    sub rsp, 0x40000000
    wrfsbase rdx
    dec ecx
    jnz .Lstep\@
    test ebp, ebp
    jz .Lagain\@
    push 0x77
    add rdi, [rsp]
    jmp .Lend\@
.Lagain\@:
    mov rsp, rsi                                # From the lower end of the upper half down into the other half.
    inc ebp
    mov ecx, 512
    jmp .Lstep\@
.Lend\@:
.endm

    watch_page_faults
    turn_on cr4, segment_bases_enable
    map_distant_stacks
    mov rax, beside+top
    mov [program_stack], rax
    user_allowed "creeping"
    .irp register, rax, rcx, rdx, rbp, rsi
    mov \register, 0
    .endr
    finish
undefined CF|PF|AF|ZF|SF|OF
