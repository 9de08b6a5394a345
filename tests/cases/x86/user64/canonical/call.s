# CALL with RSP where nothing can be pushed: #SS(0) at CALL.

given rsp, 0xffff7fffffffffff
faults stack_fault, fault

fault:
    call target
    hlt
target:
    hlt
