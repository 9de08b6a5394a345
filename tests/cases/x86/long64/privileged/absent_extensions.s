# Instructions of extensions that CPUID does not show raise #UD, whatever the level: virtualization, MONITOR, protection
# keys, supervisor state, RSM outside of system-management mode, and others (Intel SDM Vol. 2 and 3; AMD APM Vol. 3).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    xor ecx, ecx
    mov ebx, 0x20000
    .irp level, 0, 3
    enter_level \level
    attempt illegal, rsm
    attempt illegal, vmcall
    attempt illegal, vmlaunch
    attempt illegal, vmxoff
    attempt illegal, vmxon [rbx]
    attempt illegal, vmptrld [rbx]
    attempt illegal, vmread rax, rcx
    attempt illegal, invept rax, [rbx]
    attempt illegal, vmrun
    attempt illegal, vmmcall
    attempt illegal, vmload
    attempt illegal, stgi
    attempt illegal, clgi
    attempt illegal, skinit
    attempt illegal, invlpga
    attempt illegal, monitor
    attempt illegal, mwait
    attempt illegal, monitorx
    attempt illegal, mwaitx
    attempt illegal, clzero
    attempt illegal, rdpru
    attempt illegal, rdpkru
    attempt illegal, wrpkru
    attempt illegal, xsaves [rbx]
    attempt illegal, xrstors [rbx]
    attempt illegal, getsec
    attempt illegal, encls
    attempt illegal, enclu
    attempt illegal, pconfig
    attempt illegal, rdrand eax
    attempt illegal, rdseed eax
    attempt illegal, xbegin .Lhere\level
    .Lhere\level:
    attempt illegal, xend
    attempt illegal, xtest
    attempt illegal, ptwrite eax
    attempt illegal, umonitor rbx
    attempt illegal, invlpgb
    attempt illegal, tlbsync
    leave_level
    .endr
    finish
