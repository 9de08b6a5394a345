# A stack segment with B set that was loaded in protected mode keeps it in real mode: PUSH, CALL, INT and their
# counterparts use all of ESP, and the stack may lie beyond 64 KiB (Intel SDM Vol. 3, 3.4.3 and 5.3.1).

.include "x86/real16/unreal/unreal.inc"

expect rax, 0x60000010
given rsp, 0x120000
expect ss, kernel_data
expect rbx, 0x11fffe
expect rcx, 0x11fffa
expect rdx, 0x120000
expect rsp, 0x120000
expect rsi, 0x1234

    load_in_protected_mode ss, kernel_data
    mov word ptr [0x21 * 4], offset handler
    int 0x21
    mov edx, esp
    push 0x1234
    mov ebx, esp
    pop si
    call routine
    hlt
handler:
    iret
routine:
    lea ecx, [esp - 4]
    ret
