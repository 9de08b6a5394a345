# A fault in real mode pushes IP of the instruction itself, no error code, and goes through the vector table with IF
# cleared (Intel SDM Vol. 3, 20.1.4 and 6.15, interrupt 0).

given rflags, IF|CF|2
faults divide_error, fault
expect rflags, IF|CF
expect rsp, 0x7000
expect_memory 0x6ffa, 2, fault
expect_memory 0x6ffc, 4, (IF|CF|2)<<16
expect retired, 0

fault:
    div cl
    hlt
