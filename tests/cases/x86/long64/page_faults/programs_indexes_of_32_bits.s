# An index of 32 bits, extended by zeros or by its sign, may lead out of the part of the address space that its base is in
# (Intel SDM Vol. 1, 3.3.7.1). BSF and BSR are no such extension: with a source of zero they leave 64 bits alone.

.include "x86/long64/page_faults/distant_stacks.inc"
.set rounds, 20
.set data, 0x1d0000
.set low, window+0x1000
.set elsewhere, (127<<40)-(128<<30)+data+8      # Where an engine that takes any index for a small one may look.
given rbx, user_alias+data-8*0xffffffff
given r8, beside+data
given r12, low
given r13, elsewhere
expect rdi, rounds*(4*0x11+2*0x3300)

.macro indexing
    mov esi, rounds
.Lround\@:
    mov eax, -1
    add rdi, [rbx + rax * 8]                    # Past the first TiB.
    mov ecx, 0x80000000
    movsxd rcx, ecx
    add rdi, [r8 + rcx * 8]                     # In front of the upper half.
    movzx edx, word ptr [r8 + 16]
    add rdi, [r8 + rdx - 8]
    add rdi, [rdx + r8 - 8]
    cmp [r13], rdx
    xor ecx, ecx
    cmp [r12], rdx
    mov rax, beside+data+8-low
    bsf eax, ecx
    add rdi, [r12 + rax]
    mov rdx, beside+data+8-low
    bsr edx, ecx
    add rdi, [r12 + rdx]
    dec esi
    jnz .Lround\@
.endm

    watch_page_faults
    map_distant_stacks
    mov qword ptr [page_map_level4 + 253 * 8], page_directory_pointers + everyone
    mov rax, [page_directory_pointers]
    mov [page_directory_pointers + 496 * 8], rax
    mov qword ptr [page_directory_pointers + 384 * 8], window_pde + everyone
    mov qword ptr [window_pte + (data >> 12) * 8], window_page + 0x1000 + everyone
    flush_translations
    mov qword ptr [data], 0x11
    mov qword ptr [data + 8], 0x3300
    mov qword ptr [data + 16], 8
    user_allowed "indexing"
    .irp register, rax, rcx, rdx
    mov \register, 0
    .endr
    finish
undefined CF|PF|AF|ZF|SF|OF
