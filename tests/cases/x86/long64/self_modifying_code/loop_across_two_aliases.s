# A loop that lies in two pages, both of which are at two linear addresses, runs at both.

expect rax, 2000
expect rcx, 0
expect rsi, 0
expect rdi, 0
expect rbp, 0
undefined CF|PF|AF|ZF|SF|OF

.macro run_at at:req
    mov ebp, \at + 0x1000 - (middle - function)
    call rbp
.endm

    mov qword ptr [page_directory + 8], 0x2a003
    mov qword ptr [0x2a000], 0x28003            # The pages at 0x28000 once more.
    mov qword ptr [0x2a008], 0x29003
    mov esi, offset function
    mov edi, 0x29000 - (middle - function)
    mov ecx, offset function_end - function
    rep movsb
    xor esi, esi
    xor edi, edi
    xor eax, eax
    .rept 10
    run_at 0x28000
    .endr
    .rept 5
    run_at unmapped
    run_at 0x28000
    .endr
    xor ebp, ebp
    hlt
function:
    mov ecx, 100
1:
    add eax, 1
    jmp 2f
    nop
2:
middle = . + 2                                  # In ADD.
    add ecx, -1
    jnz 1b
    ret
function_end:
