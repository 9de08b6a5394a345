# LOCK before each instruction that may have it, memory as its destination: all work as they do without (Intel SDM Vol. 2A,
# LOCK).

given rbx, 0x20000
given rcx, 3
given rdx, 7

    lock add [rbx], ecx                 # 3
    lock or dword ptr [rbx], 4          # 7
    lock xor [rbx], ecx                 # 4
    stc
    lock adc word ptr [rbx], 8          # 13
    lock and [rbx], edx                 # 5
    stc
    lock sbb byte ptr [rbx], 2          # 2
    lock sub [rbx], rcx                 # -1
    lock inc dword ptr [rbx]            # 0 below, -1 above.
    lock dec byte ptr [rbx]             # 0xff
    lock not dword ptr [rbx + 4]        # 0
    lock neg dword ptr [rbx]            # -0xff
    lock bts dword ptr [rbx + 8], 4
    lock btc [rbx + 8], ecx
    lock btr dword ptr [rbx + 8], 4
    lock xchg [rbx + 8], ecx            # ECX = 8
    lock xadd [rbx + 8], edx            # EDX = 3, sum 10
    mov eax, 10
    lock cmpxchg [rbx + 8], ecx         # 8
    mov eax, 8
    xor edx, edx
    lock cmpxchg8b [rbx + 8]            # ECX:EBX
    hlt

expect rax, 8
expect rcx, 8
expect rdx, 0
expect_memory 0x20000, 16, 0x00000000ffffff01, 0x0000000800020000
expect rflags, ZF|PF
