#include "base/assert.h"
#include "machine.h"
#include "subject.h"
#include "x86/cpuid.h"

#include <csignal>
#include <cstring>

#include <cpuid.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>
#include <x86intrin.h>

namespace ringer::cases {

namespace {

constexpr u64 first_address = 0x10000;
constexpr u64 mapped_size = layout::ram_size - first_address;

/// What the child leaves for its parent, in memory that they share.
struct Report {
    x86::CpuState state;
    u64 vector, error_code;
    bool complete;
    u8 ram[mapped_size];
};

/// Only the child, which has one thread, uses these.
Report* report;
const x86::CpuState* to_load;
u32 upper_halves_offset; ///< Of YMM0 to YMM15's upper halves in an XSAVE area.

/// The signal frame's order of the general registers, in the order of x86::Register.
constexpr int frame_index[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                 REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

/// The x87 and vector state of a signal frame as an FXSAVE64 image, which an XSAVE header and the upper
/// halves of the YMM registers follow (Linux's uapi asm/sigcontext.h; Intel SDM Vol. 1, 13.4).
class VectorFrame {
  public:
    explicit VectorFrame(ucontext_t* context) : bytes_(reinterpret_cast<u8*>(context->uc_mcontext.fpregs)) {}

    void store(x86::CpuState& state) const {
        std::memcpy(&state.x87.control, bytes_, 2);
        std::memcpy(&state.x87.status, bytes_ + 2, 2);
        state.x87.valid = bytes_[4];
        std::memcpy(&state.vector.mxcsr, bytes_ + 24, 4);
        for (unsigned i = 0; i < 8; ++i) std::memcpy(state.x87.st[i].data(), bytes_ + 32 + 16 * i, 10);
        for (unsigned i = 0; i < 16; ++i) {
            std::memcpy(state.vector.ymm[i].data(), bytes_ + 160 + 16 * i, 16);
            // A component in its initial state is not in the image.
            if (components() & 4)
                std::memcpy(state.vector.ymm[i].data() + 16, bytes_ + upper_halves_offset + 16 * i, 16);
            else
                std::memset(state.vector.ymm[i].data() + 16, 0, 16);
        }
    }

    void load(const x86::CpuState& state) {
        std::memset(bytes_, 0, 24);
        std::memcpy(bytes_, &state.x87.control, 2);
        std::memcpy(bytes_ + 24, &state.vector.mxcsr, 4);
        for (unsigned i = 0; i < 16; ++i) {
            std::memcpy(bytes_ + 160 + 16 * i, state.vector.ymm[i].data(), 16);
            std::memcpy(bytes_ + upper_halves_offset + 16 * i, state.vector.ymm[i].data() + 16, 16);
        }
        const u64 all = components() | 7;
        std::memcpy(bytes_ + 512, &all, 8);
    }

  private:
    u64 components() const {
        u64 bits;
        std::memcpy(&bits, bytes_ + 512, 8);
        return bits;
    }

    u8* bytes_;
};

/// Returning from this signal enters the case.
void enter(int, siginfo_t*, void* frame) {
    auto* context = static_cast<ucontext_t*>(frame);
    auto& gregs = context->uc_mcontext.gregs;
    for (unsigned i = 0; i < 16; ++i) gregs[frame_index[i]] = static_cast<greg_t>(to_load->gpr[i]);
    gregs[REG_RIP] = static_cast<greg_t>(to_load->rip);
    gregs[REG_EFL] = static_cast<greg_t>(to_load->rflags);
    VectorFrame(context).load(*to_load);
}

void leave(int, siginfo_t*, void* frame) {
    // C++ code does not keep to the alignment that a case may have asked to be checked.
    __writeeflags(__readeflags() & ~x86::flag::ac);
    auto* context = static_cast<ucontext_t*>(frame);
    const auto& gregs = context->uc_mcontext.gregs;
    for (unsigned i = 0; i < 16; ++i) report->state.gpr[i] = static_cast<u64>(gregs[frame_index[i]]);
    report->state.rip = static_cast<u64>(gregs[REG_RIP]);
    report->state.rflags = static_cast<u64>(gregs[REG_EFL]);
    report->state.cr2 = static_cast<u64>(gregs[REG_CR2]);
    report->vector = static_cast<u64>(gregs[REG_TRAPNO]);
    report->error_code = static_cast<u64>(gregs[REG_ERR]);
    VectorFrame(context).store(report->state);
    std::memcpy(report->ram, reinterpret_cast<const void*>(first_address), mapped_size);
    report->complete = true;
    _exit(0);
}

[[noreturn]] void run_in_child(const Case& one) {
    void* const memory =
        mmap(reinterpret_cast<void*>(first_address), mapped_size, PROT_READ | PROT_WRITE | PROT_EXEC,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (memory == MAP_FAILED) _exit(1);
    std::memcpy(reinterpret_cast<void*>(code_address(one.mode)), one.code.data(), one.code.size());

    static u8 signal_stack[65536];
    const stack_t stack = {.ss_sp = signal_stack, .ss_flags = 0, .ss_size = sizeof(signal_stack)};
    sigaltstack(&stack, nullptr);
    struct sigaction action{};
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    action.sa_sigaction = leave;
    for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP}) sigaction(signal, &action, nullptr);
    action.sa_sigaction = enter;
    sigaction(SIGUSR1, &action, nullptr);
    raise(SIGUSR1);
    _exit(1);
}

class RealCpu final : public Subject {
  public:
    std::string name() const override { return "real_cpu"; }
    bool can_run(const Case& one) const override { return one.mode == Mode::user64 && one.holds_on(is_amd_); }

    Ending run(const Case& one, const x86::CpuState& initial) override {
        unsigned size, unused;
        __cpuid_count(0xd, 2, size, upper_halves_offset, unused, unused);
        void* const shared =
            mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        RINGER_ASSERT(shared != MAP_FAILED);
        report = new (shared) Report{};
        report->state = initial;
        to_load = &initial;
        const pid_t child = fork();
        if (child == 0) run_in_child(one);
        waitpid(child, nullptr, 0);

        Ending ending;
        ending.user_state_only = true;
        if (report->complete) {
            ending.state = report->state;
            ending.vector = report->vector;
            ending.error_code = report->error_code;
            ending.ram.assign(layout::ram_size, 0);
            std::memcpy(ending.ram.data() + first_address, report->ram, mapped_size);
            const bool at_hlt = ending.vector == 13 && ending.state.rip < layout::ram_size &&
                                ending.ram[ending.state.rip] == 0xf4;
            ending.kind = at_hlt ? Ending::Kind::halted : Ending::Kind::exception;
            if (ending.vector != 14) ending.state.cr2 = initial.cr2;
        }
        munmap(shared, sizeof(Report));
        return ending;
    }

  private:
    const bool is_amd_ = x86::host_model().is_amd;
};

} // namespace

std::unique_ptr<Subject> real_cpu() { return std::make_unique<RealCpu>(); }

} // namespace ringer::cases
