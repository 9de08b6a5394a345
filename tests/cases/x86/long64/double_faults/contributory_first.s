# #DE, #NP, #SS and #GP are contributory: another of them while one is delivered makes #DF with error code 0 (Intel SDM Vol. 3,
# tables 6-4 and 6-5).

.include "x86/long64/double_faults/gates.inc"

    log_events 8
    shorten_tss
    .irp second, not_present, not_a_gate, stack_not_canonical, stack_beyond_tss
    \second divide_error
    doubles div ecx
    mend divide_error
    \second segment_not_present
    doubles mov ds, edx
    mend segment_not_present
    \second stack_fault
    doubles push [rbp]
    mend stack_fault
    \second general_protection
    doubles inc byte ptr [rdi]
    mend general_protection
    .endr

given rdx, absent_data
given rbp, 0x8000000000000000
given rdi, 0x8000000000000000
    all_logged
