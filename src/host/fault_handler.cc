#include "host/fault_handler.h"

#include "base/assert.h"

#include <ucontext.h>

#include <array>
#include <atomic>
#include <csignal>
#include <mutex>

namespace ringer::host {

namespace {

/// Written under `registration`, read by the signal's handler. A slot is in use while `size` is not 0, and
/// `size` is what is written last and cleared first.
struct Slot {
    std::atomic<u64> first = 0;
    std::atomic<u64> resume_at = 0;
    std::atomic<u64> size = 0;
};
static_assert(std::atomic<u64>::is_always_lock_free);

std::array<Slot, 16> slots;
std::mutex registration;

void on_fault(int number, siginfo_t*, void* context) {
    auto& counter = static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP];
    for (const Slot& slot : slots) {
        if (static_cast<u64>(counter) - slot.first < slot.size) {
            counter = static_cast<greg_t>(slot.resume_at.load());
            return;
        }
    }
    // The instruction is run again and ends the process, with the signal that it deserves.
    std::signal(number, SIG_DFL);
}

void install_handler() {
    struct sigaction action{};
    action.sa_sigaction = &on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigemptyset(&action.sa_mask);
    RINGER_ASSERT(sigaction(SIGFPE, &action, nullptr) == 0);
}

} // namespace

FaultRecovery::FaultRecovery(std::span<const u8> code, const u8* resume_at) {
    const std::lock_guard lock(registration);
    install_handler();
    slot_ = 0;
    while (slots[slot_].size != 0) {
        ++slot_;
        RINGER_ASSERT(slot_ < slots.size());
    }
    Slot& slot = slots[slot_];
    slot.first = reinterpret_cast<u64>(code.data());
    slot.resume_at = reinterpret_cast<u64>(resume_at);
    slot.size = code.size();
}

FaultRecovery::~FaultRecovery() {
    const std::lock_guard lock(registration);
    slots[slot_].size = 0;
}

} // namespace ringer::host
