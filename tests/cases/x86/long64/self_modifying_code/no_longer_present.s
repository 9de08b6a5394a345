# Code that ran before raises #PF at its first byte once its page is gone, and at the byte where the next page begins when that
# one is gone (Intel SDM Vol. 3, 4.7; an instruction that crosses pages needs both).

faults page_fault, 0x28ffe, 0x10
expect cr2, 0x29000
expect rax, 0x12345678
expect rsp, 0x1efff8

    mov byte ptr [0x28ffe], 0xb8                # mov eax, imm32, of which three bytes lie in the next page
    mov dword ptr [0x28fff], 0x12345678
    mov byte ptr [0x29003], 0xc3
    call routine_place
    btr qword ptr [page_table + 0x29 * 8], 0
    invlpg [0x29000]
    call routine_place
    hlt
.set routine_place, 0x28ffe
undefined CF|PF|AF|ZF|SF|OF
