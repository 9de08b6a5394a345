#include "host/shadow_space.h"

#include "base/assert.h"

#include <asm/hwcap2.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>

namespace ringer::host {

namespace {

using memory::ShadowSpace;

/// All of it, with a margin around each region: the first is below address 0, where the host's kernel has no
/// memory of a process.
constexpr u64 begin = ShadowSpace::lowest,
              end = ShadowSpace::high_place + ShadowSpace::high_begin + ShadowSpace::margin;

/// The second for #SS: what RSP and RBP address is not in canonical form.
constexpr std::array refusals{SIGSEGV, SIGBUS};

/// Of the one shadow space. Written while no generated code runs.
struct Watch {
    std::span<const u8> code;
    memory::RefusedAccessHandler* handler = nullptr;
};
Watch watched;
bool is_taken = false;
std::atomic<u64> peak = 0;

void unmap_all() { RINGER_ASSERT(munmap(reinterpret_cast<void*>(begin), end - begin) == 0); }

/// Whether nothing of the process lies there. Then nothing will: the host's kernel gives memory downwards
/// from where it has put the libraries, which is above. To keep all of it reserved would make each mapping a
/// quarter slower, as it has to split what it takes the place of.
bool is_vacant() {
    void* const all = mmap(reinterpret_cast<void*>(begin), end - begin, PROT_NONE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (all == MAP_FAILED) return false;
    unmap_all();
    return true;
}

/// Where a linear address lies in the process; nullptr: nowhere.
u8* place_of(u64 linear) {
    if (ShadowSpace::is_low(linear)) return reinterpret_cast<u8*>(linear);
    return ShadowSpace::is_high(linear) ? reinterpret_cast<u8*>(linear + ShadowSpace::gs_base) : nullptr;
}

void on_refused_access(int number, siginfo_t* information, void* context) {
    auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    auto& counter = registers[REG_RIP];
    const u8* const code = reinterpret_cast<const u8*>(counter);
    const bool is_watched =
        watched.handler && code >= watched.code.data() && code < watched.code.data() + watched.code.size();
    const bool lacks_memory = number == SIGBUS && information->si_code != SI_KERNEL;
    if (!is_watched || lacks_memory) {
        // The instruction is run again and ends the process, with the signal that it deserves.
        std::signal(number, SIG_DFL);
        return;
    }
    constexpr greg_t write = 2; // Of a page fault's error code (Intel SDM Vol. 3, 4.7).
    const bool has_address = information->si_code != SI_KERNEL;
    counter = reinterpret_cast<greg_t>(watched.handler->access_refused(
        {.code = code,
         .has_address = has_address,
         .linear = has_address ? ShadowSpace::linear_at(reinterpret_cast<u64>(information->si_addr)) : 0,
         .is_write = (registers[REG_ERR] & write) != 0,
         .flags = static_cast<u64>(registers[REG_EFL])}));
}

void install_handler() {
    struct sigaction action{};
    action.sa_sigaction = &on_refused_access;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int number : refusals) RINGER_ASSERT(sigaction(number, &action, nullptr) == 0);
}

} // namespace

std::unique_ptr<HostShadowSpace> HostShadowSpace::make(const HostRam& ram) {
    // Only the instruction can set a base like that, where the host's kernel lets processes use it.
    const bool may_set_base = (getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE) != 0;
    if (is_taken || !may_set_base || ram.file() < 0 || !is_vacant()) return nullptr;
    is_taken = true;
    install_handler();
    return std::unique_ptr<HostShadowSpace>(new HostShadowSpace(ram));
}

HostShadowSpace::~HostShadowSpace() {
    unmap_all();
    for (const int number : refusals) std::signal(number, SIG_DFL);
    is_taken = false;
}

bool HostShadowSpace::map(u64 linear, std::span<const u8> ram, bool writable) {
    u8* const place = place_of(linear);
    const u8* const first = ram_.bytes().data();
    if (!place || ram.data() < first || ram.data() + ram.size() > first + ram_.bytes().size()) return false;
    const int protection = PROT_READ | (writable ? PROT_WRITE : 0);
    if (mmap(place, ram.size(), protection, MAP_SHARED | MAP_FIXED_NOREPLACE | MAP_POPULATE, ram_.file(),
             ram.data() - first) == MAP_FAILED)
        return false;
    mapped_ += ram.size();
    peak = std::max(peak.load(), mapped_);
    return true;
}

void HostShadowSpace::unmap(u64 linear, u64 bytes) {
    u8* const place = place_of(linear);
    RINGER_ASSERT(place && munmap(place, bytes) == 0);
    mapped_ -= bytes;
}

void HostShadowSpace::clear() {
    unmap_all();
    mapped_ = 0;
}

u64 HostShadowSpace::most_mapped() { return peak; }

void HostShadowSpace::enter_thread() { asm volatile("wrgsbase %0" : : "r"(gs_base)); }

void HostShadowSpace::watch(std::span<const u8> code, memory::RefusedAccessHandler* handler) {
    watched = {code, handler};
}

} // namespace ringer::host
