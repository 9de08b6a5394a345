# A write that reaches into a page that is not there leaves the present one alone. CR2 is the first byte that could not be
# written.

given rax, -1
given rbx, unmapped-4
faults page_fault, fault, 6
expect cr2, unmapped
expect_memory unmapped-8, 8, 0

fault:
    mov [rbx], rax
    hlt
