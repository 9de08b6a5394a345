#include "native_entry.h"

namespace ringer::oracle {

extern "C" {
NativeContext ringer_oracle_context;
}

// The assembly below names these by number.
static_assert(offsetof(NativeContext, gpr) == 1024 && offsetof(NativeContext, rip) == 1152 &&
              offsetof(NativeContext, fs_base) == 1192 && offsetof(NativeContext, ds) == 1208 &&
              offsetof(NativeContext, host_rsp) == 1240 && offsetof(NativeContext, left_fs_base) == 1264 &&
              offsetof(NativeContext, left_ds) == 1280 && offsetof(NativeContext, frame) == 1312);

// Components 0xE7: x87, SSE, AVX and AVX-512. Those that the save area does not hold are initialized.
[[gnu::naked, gnu::noinline]] void enter_trial() {
    asm(R"(
        push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15
        lea ringer_oracle_context(%rip), %rdi
        mov %rsp, 1240(%rdi)
        mov $0xe7, %eax
        xor %edx, %edx
        xrstor64 (%rdi)
        mov 1208(%rdi), %ds
        mov 1216(%rdi), %es
        mov 1224(%rdi), %fs
        mov 1232(%rdi), %gs
        mov 1192(%rdi), %rax; wrfsbase %rax
        mov 1200(%rdi), %rax; wrgsbase %rax
        mov 1312(%rdi), %rsp
        mov 1024(%rdi), %rax; mov 1032(%rdi), %rcx; mov 1040(%rdi), %rdx; mov 1048(%rdi), %rbx
        mov 1064(%rdi), %rbp; mov 1072(%rdi), %rsi
        mov 1088(%rdi), %r8; mov 1096(%rdi), %r9; mov 1104(%rdi), %r10; mov 1112(%rdi), %r11
        mov 1120(%rdi), %r12; mov 1128(%rdi), %r13; mov 1136(%rdi), %r14; mov 1144(%rdi), %r15
        mov 1080(%rdi), %rdi
        iretq
    )");
}

[[gnu::naked, gnu::noinline]] void leave_trial() {
    asm(R"(
        mov 1240+ringer_oracle_context(%rip), %rsp
        pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx
        ret
    )");
}

// The kernel has initialized the vector registers and left AC, NT, the segment registers and their bases.
[[gnu::naked, gnu::noinline]] void signal_entry() {
    asm(R"(
        pushq $0x202
        popfq
        lea ringer_oracle_context(%rip), %rax
        xor %ecx, %ecx
        mov %ds, %cx; mov %rcx, 1280(%rax)
        mov %es, %cx; mov %rcx, 1288(%rax)
        mov %fs, %cx; mov %rcx, 1296(%rax)
        mov %gs, %cx; mov %rcx, 1304(%rax)
        rdfsbase %rcx; mov %rcx, 1264(%rax)
        rdgsbase %rcx; mov %rcx, 1272(%rax)
        xor %ecx, %ecx
        mov %ecx, %ds; mov %ecx, %es; mov %ecx, %fs; mov %ecx, %gs
        mov 1248(%rax), %rcx; wrfsbase %rcx
        mov 1256(%rax), %rcx; wrgsbase %rcx
        jmp ringer_oracle_on_signal
    )");
}

} // namespace ringer::oracle
