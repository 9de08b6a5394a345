# A divisor that cannot be read is a page fault; only a divisor that was read can raise #DE.

given rbx, unmapped
given rax, 5
faults page_fault, fault, 4
expect cr2, unmapped

fault:
    div dword ptr [rbx]
    hlt
