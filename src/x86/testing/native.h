#pragma once

#include "base/assert.h"
#include "x86/testing/test_code_memory.h"

#include <csetjmp>
#include <csignal>
#include <cstring>
#include <initializer_list>
#include <span>

namespace ringer::x86::testing {

/// The registers around one natively executed instruction. RSI and RDI are the test's to point at memory;
/// RSP, R14 and R15 stay the host's.
struct alignas(64) NativeState {
    std::array<std::array<u8, 32>, 16> ymm{};
    std::array<u8, 512> image{}; ///< FXSAVE64: x87, MMX and MXCSR. Its XMM part is not used.
    std::array<u64, 16> gpr{};
    u64 rflags = 0x202;

    u32 mxcsr() const {
        u32 value;
        std::memcpy(&value, image.data() + 24, sizeof(value));
        return value;
    }
    void set_mxcsr(u32 value) { std::memcpy(image.data() + 24, &value, sizeof(value)); }
};

namespace detail {
inline sigjmp_buf native_return;
inline void on_native_signal(int number) { siglongjmp(native_return, number); }

/// Loads everything from `state`, calls `code`, and saves everything.
[[gnu::naked, gnu::noinline]] inline void call_native(NativeState* /*state*/, const u8* /*code*/) {
    asm(R"(
        push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15
        sub $8, %rsp
        mov %rdi, %r15
        mov %rsi, %r14
        fxrstor64 512(%r15)
        .irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        vmovdqu \i*32(%r15), %ymm\i
        .endr
        pushq 1152(%r15); popfq
        mov 1024(%r15), %rax; mov 1032(%r15), %rcx; mov 1040(%r15), %rdx; mov 1048(%r15), %rbx
        mov 1064(%r15), %rbp; mov 1072(%r15), %rsi; mov 1080(%r15), %rdi
        mov 1088(%r15), %r8; mov 1096(%r15), %r9; mov 1104(%r15), %r10; mov 1112(%r15), %r11
        mov 1120(%r15), %r12; mov 1128(%r15), %r13
        call *%r14
        mov %rax, 1024(%r15); mov %rcx, 1032(%r15); mov %rdx, 1040(%r15); mov %rbx, 1048(%r15)
        mov %rbp, 1064(%r15)
        mov %r8, 1088(%r15); mov %r9, 1096(%r15); mov %r10, 1104(%r15); mov %r11, 1112(%r15)
        mov %r12, 1120(%r15); mov %r13, 1128(%r15)
        pushfq; popq 1152(%r15)
        .irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        vmovdqu %ymm\i, \i*32(%r15)
        .endr
        fxsave64 512(%r15)
        fninit
        vzeroupper
        movl $0x1f80, -8(%rsp)
        ldmxcsr -8(%rsp)
        add $8, %rsp
        pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx
        ret
    )");
}
static_assert(offsetof(NativeState, image) == 512 && offsetof(NativeState, gpr) == 1024 &&
              offsetof(NativeState, rflags) == 1152);
} // namespace detail

/// Executes single instructions on the real CPU.
class Native {
  public:
    Native() {
        for (unsigned i = 0; i < std::size(signals); ++i) {
            struct sigaction action{};
            action.sa_handler = &detail::on_native_signal;
            action.sa_flags = SA_NODEFER;
            sigaction(signals[i], &action, &before_[i]);
        }
    }
    Native(const Native&) = delete;
    Native& operator=(const Native&) = delete;
    ~Native() {
        for (unsigned i = 0; i < std::size(signals); ++i) sigaction(signals[i], &before_[i], nullptr);
    }

    /// Returns 0, or the signal that the instruction raised; `state` is then as it was.
    int run(std::span<const u8> instruction, NativeState& state) {
        const CodeMemory memory = code_.memory();
        std::memcpy(memory.writable.data(), instruction.data(), instruction.size());
        memory.writable[instruction.size()] = 0xc3;
        const int signal = sigsetjmp(detail::native_return, 1);
        if (signal == 0)
            detail::call_native(&state, memory.executable);
        else
            asm volatile("fninit; ldmxcsr %0; vzeroupper" ::"m"(default_mxcsr));
        return signal;
    }

  private:
    static constexpr u32 default_mxcsr = 0x1f80;
    static constexpr int signals[] = {SIGFPE, SIGILL, SIGSEGV};
    struct sigaction before_[std::size(signals)];
    TestCodeMemory code_{64 * 1024};
};

} // namespace ringer::x86::testing
