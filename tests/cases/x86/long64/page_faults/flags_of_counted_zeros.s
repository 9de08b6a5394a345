# A fault behind TZCNT or LZCNT finds CF and ZF as these have set them (Intel SDM Vol. 2, TZCNT, LZCNT), whatever the
# flags were at the branch before.

.include "x86/long64/paging/paging.inc"
.set rounds, 60
given rbx, window
expect rbp, 0x0140000140                        # CF and ZF at each fault.

# In rounds, in the last of which the page is missing.
.macro counted instruction:req, source:req
    mov ecx, rounds
    mov eax, \source
.Lround\@:
    dec ecx
    jnz .Lcount\@
    mov byte ptr [window_pte], 0
    invlpg [rbx]
    cmp eax, 1
.Lcount\@:
    \instruction edx, eax
    mov esi, [rbx]
    add edx, esi
    test ecx, ecx
    jnz .Lround\@
.endm

    watch_page_faults
    gate page_fault, on_page_fault
    counted tzcnt, 0
    counted tzcnt, 1
    counted tzcnt, 2
    counted lzcnt, 0
    counted lzcnt, 0x80000000
    mov ecx, 1000
    mov rdi, rbx
.Lover_pages:
    tzcnt edx, eax
    mov esi, [rdi]
    mov r8d, [rdi + 4]
    add edx, esi
    add rdi, 8
    dec ecx
    jnz .Lover_pages
    .irp register, rax, rcx, rdx, rsi, rdi, r8
    mov \register, 0
    .endr
    finish
on_page_fault:
    push rax
    mov rax, [rsp + 32]
    and eax, CF|ZF
    shl rbp, 8
    or rbp, rax
    mov byte ptr [window_pte], everyone
    pop rax
    lea rsp, [rsp + 8]
    iretq
undefined CF|PF|AF|ZF|SF|OF
