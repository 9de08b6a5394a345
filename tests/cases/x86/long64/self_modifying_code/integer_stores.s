# Every way in which integer instructions store into code that ran before (Intel SDM Vol. 3, 11.6).

.include "x86/long64/privileged/attempts.inc"
.include "x86/long64/self_modifying_code/stores.inc"

.macro store_string instruction
    mov edi, immediate
    mov esi, offset source
    mov ecx, 4
    push rax
    mov rax, [source]
    \instruction
    pop rax
.endm

.macro use_stack instruction
    mov rbp, rsp
    mov esp, immediate + 8
    \instruction
    mov rsp, rbp
.endm

.macro compare_and_store accumulator
    mov eax, \accumulator
    lock cmpxchg [immediate], ebx
.endm

.macro compare_and_store_pair instruction, high
    xor eax, eax
    mov edx, \high
    mov ebx, 0x12345678
    mov ecx, \high
    \instruction [immediate]
    mov ebx, 0x11223344
.endm

    catch_exceptions
    mov r15d, routine
    mov ebx, 0x11223344
    mov r8, [source]
    stores 0x44, mov [immediate], bl
    stores 0x4400, mov [immediate + 1], bl
    stores 0x33440000, mov [immediate + 2], bx
    stores 0x11223344, mov [immediate], ebx
    stores 0x55667788, mov [immediate], r8
    stores 0x44332211, movbe [immediate], ebx
    stores 0x11223344, movnti [immediate], ebx
    stores 0x11223344, xchg [immediate], ebx
    mov ebx, 0x11223344
    stores 1, inc byte ptr [immediate]
    stores 0xffffffff, not dword ptr [immediate]
    stores 0xffff, dec word ptr [immediate]
    stores 0x3344, lock or [immediate], bx
    stores 0x11223344, lock xadd [immediate], ebx
    mov ebx, 0x11223344
    stores 0x11223344, compare_and_store 0
    stores 0x12345678, compare_and_store_pair cmpxchg8b, 0xc3
    stores 0x80000000, bts dword ptr [immediate], 31
    mov r9d, 24                                 # Bit 8 of the word behind
    stores 0x00000100, bts word ptr [immediate - 2], r9w
    stores 0x1122, shld dword ptr [immediate], ebx, 16
    stores 0x33, smsw [immediate]
    stores 0x48, str [immediate]
    stores 0x10, mov [immediate], ss
    stores 0x88, store_string stosb
    stores 0x88888888, store_string "rep stosb"
    stores 0x55667788, store_string movsd
    stores 0x55667788, store_string "rep movsb"
    stores 0x55667788, store_string stosq
    stores 0xffffffff, store_string insd
    stores 0xff, store_string insb
    stores 0x55667788, use_stack "push r8"
    stores 0x55667788, use_stack "push qword ptr [source]"
    mov r9, rsp
    mov esp, offset source
    pop qword ptr [immediate]
    mov rsp, r9
    call r15
    must_equal rax, 0x55667788
    finish
source:
    .quad 0x112233c355667788
