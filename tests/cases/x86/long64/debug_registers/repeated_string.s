# A repeated string instruction traps after the iteration that hits a data breakpoint, with RF set when more are to come; it
# then goes on (Intel SDM Vol. 3, 17.3.1.1 and 17.3.1.2).

.include "x86/long64/event_log.inc"

    catch debug_exception, note
    mov eax, 0x20002
    mov dr0, rax
    mov eax, 0x20005
    mov dr1, rax
    mov eax, 0x00110005                 # One byte each, on writes.
    mov dr7, rax
    mov edi, 0x20000
    mov ecx, 6
string:
    rep stosb
behind:
    expect_memory 0x30000, 16, string, RF|2
    expect_memory 0x30010, 16, 0x20003, 3
    expect_memory 0x30020, 16, behind, 2
    expect_memory 0x30030, 16, 0x20006, 0
    hlt
note:                                   # RIP, RFLAGS, RDI and RCX.
    pop qword ptr [rsi]
    push [rsi]
    mov rax, [rsp + 16]
    mov [rsi + 8], rax
    mov [rsi + 16], rdi
    mov [rsi + 24], rcx
    add rsi, 32
    mov eax, 0x00110005
    iretq

given rsi, 0x30000
expect rsi, 0x30040
expect rax, 0x00110005
expect rdi, 0x20006
expect rcx, 0
expect_memory 0x20000, 6, 0x050505050505
expect dr6, 0xffff0ff2
