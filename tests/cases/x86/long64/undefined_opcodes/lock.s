# LOCK raises #UD in front of everything but the read-modify-write instructions of memory, and also in front of these when
# memory is their source or their destination is a register (Intel SDM Vol. 2A, LOCK). The operand is not touched.

.include "x86/long64/event_log.inc"

    log_events invalid_opcode
    .macro bad bytes:vararg
    raises invalid_opcode, 0, .byte 0xf0, \bytes
    .endm
    bad 0x03, 0x07                      # add eax, [rdi]
    bad 0x01, 0xc0                      # add eax, eax
    bad 0x83, 0xc0, 1                   # add eax, 1
    bad 0x39, 0x07                      # cmp [rdi], eax
    bad 0x83, 0x3f, 1                   # cmp dword ptr [rdi], 1
    bad 0x85, 0x07                      # test [rdi], eax
    bad 0xf7, 0x07, 1, 0, 0, 0          # test dword ptr [rdi], 1
    bad 0x89, 0x07                      # mov [rdi], eax
    bad 0xc7, 0x07, 1, 0, 0, 0          # mov dword ptr [rdi], 1
    bad 0xd1, 0x27                      # shl dword ptr [rdi], 1
    bad 0x0f, 0xa5, 0x07                # shld [rdi], eax, cl
    bad 0x0f, 0xa3, 0x07                # bt [rdi], eax
    bad 0x0f, 0xba, 0x27, 1             # bt dword ptr [rdi], 1
    bad 0x0f, 0xab, 0xc0                # bts eax, eax
    bad 0x0f, 0xb1, 0xc0                # cmpxchg eax, eax
    bad 0x0f, 0xc1, 0xc0                # xadd eax, eax
    bad 0x87, 0xc0                      # xchg eax, eax
    bad 0xf7, 0x27                      # mul dword ptr [rdi]
    bad 0xf7, 0xd0                      # not eax
    bad 0xff, 0xc0                      # inc eax
    bad 0xff, 0x37                      # push [rdi]
    bad 0x8f, 0x07                      # pop [rdi]
    bad 0x8d, 0x07                      # lea eax, [rdi]
    bad 0xa5                            # movsd
    bad 0x90                            # nop
    bad 0x0f, 0x1f, 0x07                # nop [rdi]
    bad 0xeb, 0                         # jmp
    bad 0xcc                            # int3
    bad 0xf4                            # hlt
    bad 0x0f, 0x22, 0xc0                # mov cr0, rax
    bad 0x0f, 0x20, 0xc0                # mov rax, cr0
    bad 0x0f, 0x58, 0x07                # addps xmm0, [rdi]
    bad 0xd8, 0x07                      # fadd dword ptr [rdi]
    bad 0x0f, 0xae, 0xf0                # mfence

given rdi, unmapped
    all_logged
