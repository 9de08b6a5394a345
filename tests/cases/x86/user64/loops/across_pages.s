# Loops whose accesses come to the end of a page in one of their rounds, at eight distances from it: quadwords are written
# downwards, read upwards, and added to a sum by an index.

.set start, 0x20f80
.set rounds, 24
.set sum, 8*rounds*(rounds+1)/2
given rbx, 8
expect rbx, 0
expect rax, sum
expect rdx, sum
expect rcx, 0
expect rbp, 1
expect rdi, start+1
expect rsi, start+1+8*rounds
undefined CF|PF|AF|ZF|SF|OF

next_distance:
    lea rdi, [rbx + start + 8 * rounds]
    xor ecx, ecx
fill:
    inc ecx
    sub rdi, 8
    mov [rdi], rcx
    cmp ecx, rounds
    jne fill
    mov rsi, rdi
read:
    mov rbp, [rsi]
    add rsi, 8
    add rax, rbp
    cmp rbp, 1
    jne read
    mov rcx, -8 * rounds
add_up:
    add rdx, [rsi + rcx]
    add rcx, 8
    jnz add_up
    dec ebx
    jnz next_distance
    hlt
