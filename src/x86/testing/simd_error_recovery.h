#pragma once

#include "x86/host_stub.h"

#include <csignal>
#include <cstdlib>

#include <ucontext.h>

namespace ringer::x86::testing {

/// Survives the SIMD exceptions of stubs while it lives, as host::FaultRecovery does outside of tests. One at
/// a time.
class SimdErrorRecovery {
  public:
    explicit SimdErrorRecovery(const HostStubs& stubs) {
        stubs_ = &stubs;
        struct sigaction action{};
        action.sa_sigaction = &leave_stub;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGFPE, &action, &before_);
    }
    SimdErrorRecovery(const SimdErrorRecovery&) = delete;
    SimdErrorRecovery& operator=(const SimdErrorRecovery&) = delete;
    ~SimdErrorRecovery() { sigaction(SIGFPE, &before_, nullptr); }

  private:
    static void leave_stub(int, siginfo_t*, void* context) {
        auto& counter = static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP];
        const auto code = stubs_->executable();
        if (static_cast<u64>(counter) - reinterpret_cast<u64>(code.data()) >= code.size()) std::abort();
        counter = reinterpret_cast<greg_t>(stubs_->fault_exit());
    }

    static inline const HostStubs* stubs_ = nullptr;
    struct sigaction before_{};
};

} // namespace ringer::x86::testing
