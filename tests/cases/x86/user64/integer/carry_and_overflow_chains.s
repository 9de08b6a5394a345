# ADCX and ADOX carry through CF and OF alone.

given rax, -1
given rbx, -1
given rcx, 1
expect rax, 0
expect rbx, 0
expect rdx, 1
expect rsi, 1
expect rflags, PF|ZF
expect retired, 6

    xor edi, edi                # clears CF and OF
    adcx rax, rcx
    adox rbx, rcx
    adcx rdx, rdi
    adox rsi, rdi
    cmp rcx, 1
    hlt
