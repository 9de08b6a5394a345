# MOV to CR3 exchanges the code under the running instruction: execution goes on at the next linear address in the new page
# (Intel SDM Vol. 3, 4.10.4.1).

expect rax, 0x28000
expect rbx, 0x20
expect rcx, page_map_level4
expect rdx, 0x2a000
expect rip, 0x28010

# Two sets of tables that differ in the page at 0x28000.
    mov esi, page_map_level4
    mov edi, 0x2a000
    mov ecx, 0x4000 / 8
    rep movsq
    mov qword ptr [0x2a000], 0x2b007
    mov qword ptr [0x2b000], 0x2c007
    mov qword ptr [0x2c000], 0x2d007
    mov qword ptr [0x2d000 + 0x28 * 8], 0x29007
    mov esi, offset first_page
    mov edi, 0x28000
    mov ecx, 32
    rep movsb
    mov edi, 0x29000
    mov ecx, 32
    rep movsb
    xor esi, esi
    xor edi, edi
    mov ecx, page_map_level4
    mov edx, 0x2a000
    mov eax, 0x28000
    jmp rax
first_page:
    mov cr3, rdx                                # 3 bytes
    ud2
    .org first_page + 16
    hlt
    .org first_page + 32
second_page:
    ud2
    nop
    mov ebx, 0x20                               # At offset 3
    jmp short back
    .org second_page + 13
back:
    mov cr3, rcx
    ud2
    .org second_page + 32
undefined CF|PF|AF|ZF|SF|OF
