# Every fault points to its instruction and pushes RF set, and the error code where it has one (Intel SDM Vol. 3, 17.3.1.1 and
# table 6-1).

.include "x86/long64/event_log.inc"

    .macro is_fault vector, error_code, instruction:vararg
    raises \vector, \error_code, \instruction
    expect_memory event_log+32*(events_logged-1)+24, 8, RF|PF|2
    .endm

    log_events 0, 6, 7, 11, 12, 13, 14, 19
    is_fault divide_error, 0, div cl
    is_fault invalid_opcode, 0, ud2
    is_fault segment_not_present, absent_data, mov ds, edx
    is_fault stack_fault, 0, mov eax, [rbp]
    is_fault general_protection, 0xfff8, mov ds, esi
    is_fault page_fault, 2, mov [rdi], al
    ldmxcsr [rip + unmasked]
    is_fault simd_error, 0, divss xmm0, xmm1
    mov eax, 0x8001003b                 # TS
    mov cr0, rax
    is_fault device_not_available, 0, fnop

given rflags, PF|2
given rdx, absent_data
given rbp, 0x8000000000000000
given rsi, 0xfff8
given rdi, unmapped
given ymm0, 0x3f800000
expect ymm0, 0x3f800000
expect rax, 0x8001003b
expect cr0, 0x8001003b
expect cr2, unmapped
    all_logged
unmasked:
    .long 0x1d80
