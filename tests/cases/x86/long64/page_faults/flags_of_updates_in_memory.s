# Flags follow from what ADD, SUB, AND, OR and XOR leave in memory (Intel SDM Vol. 2), and a load that crosses a page has come
# in between.

.set numbers, 0x20100
given rbx, 0x20ffe
given rsi, numbers
given rcx, 0x0102
given r10, 3
given rdi, 0
expect rbx, 0x20ffe
expect rsi, numbers
expect rax, 0
expect rcx, 0x0102
expect rdx, 0
expect r10, 3
expect rdi, 0b010110001100001001
expect_memory numbers, 8, 0xff00000000000001
expect_memory numbers+8, 8, 0xfffffffffffffffe
expect_memory numbers+16, 8, 0
expect rflags, PF|ZF

# noted INSTRUCTION: SF, CF and ZF behind it, as three bits.
.macro noted instruction:vararg
    \instruction
    mov eax, [rbx]
    sets al
    setc dl
    setz ah
    lea rdi, [rdi * 8]
    movzx edx, dl
    lea rdi, [rdi + rdx * 2]
    movzx edx, al
    lea rdi, [rdi + rdx * 4]
    movzx edx, ah
    lea rdi, [rdi + rdx]
    jmp 1f
    .balign 64
1:
.endm

    mov qword ptr [rsi], 0xffffffffffffffff
    mov qword ptr [rsi + 8], 1
    mov qword ptr [rsi + 16], 0x0201
    noted add qword ptr [rsi], 2                # 010
    noted sub [rsi + 8], r10                    # 110
    noted and byte ptr [rsi + 16], cl           # 001
    noted or byte ptr [rsi + 7], 0xff           # 100
    noted xor dword ptr [rsi + 16], 0x0200      # 001
    noted sub qword ptr [rsi + 16], 0           # 001
    mov eax, 0
    mov edx, 0
    hlt
