# Calls and returns of the same bytes at two linear addresses: what they push and where they go is where they run now, also
# when they have run there often.

expect rax, unmapped+10                       # Behind the first call of the function.
expect rbx, 150*(0x28000+10)
expect rdx, 120*(unmapped+10)
expect rcx, 0
expect rsi, 0
expect rdi, 0
expect rbp, 0
undefined CF|PF|AF|ZF|SF|OF

.macro sum_of at:req, into:req
    mov ebp, \at
    xor esi, esi
    call rbp
    lea \into, [\into + rsi]
.endm

    mov qword ptr [page_directory + 8], 0x2a003
    mov qword ptr [0x2a000], 0x28003            # The page at 0x28000 once more.
    mov esi, offset function
    mov edi, 0x28000
    mov ecx, offset function_end - function
    rep movsb
    xor ebx, ebx
    xor edx, edx
    xor edi, edi
    .rept 6
    sum_of 0x28000, rbx
    .endr
    .rept 6
    sum_of unmapped, rdx
    .endr
    .rept 3
    sum_of 0x28000, rbx
    sum_of 0x28000, rbx
    sum_of unmapped, rdx
    .endr
    .rept 3
    sum_of 0x28000, rbx
    sum_of unmapped, rdx
    .endr
    xor ebp, ebp
    xor esi, esi
    hlt
function:
    mov ecx, 10
1:
    call 2f
    add rsi, rax
    dec ecx
    jnz 1b
    ret
2:
    mov rax, [rsp]                              # Where it returns to
    ret
function_end:
