#include "native_cpu.h"

#include "base/assert.h"
#include "layout.h"
#include "native_entry.h"
#include "trial_memory.h"
#include "x86/legacy_image.h"

#include <algorithm>
#include <csignal>
#include <cstring>

#include <asm/ldt.h>
#include <cpuid.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

namespace ringer::oracle {

namespace {

constexpr int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGVTALRM};
constexpr unsigned xsave_header = 512;

/// What the signal's handler and run() share. The process has one thread.
struct {
    volatile bool in_trial = false;
    bool ticked = false; ///< SIGVTALRM has ended this trial.
    u32 upper_halves_offset = 0;
    Outcome outcome;
    struct sigaction before[NSIG];
} shared;

/// The signal frame's order of the general registers, in the order of x86::Register.
constexpr int frame_index[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                 REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

/// A signal frame's x87 and vector state: an XSAVE area in the standard format (Intel SDM Vol. 1, 13.4), in
/// which a component in its initial configuration is not stored.
void read_save_area(const u8* area, x86::CpuState& state) {
    u64 components;
    std::memcpy(&components, area + xsave_header, 8);
    state.x87 = x86::X87State{.control = 0x37f, .valid = 0};
    if (components & 1) state.x87 = x86::read_x87_image(area, true);
    state.vector = {};
    std::memcpy(&state.vector.mxcsr, area + x86::legacy_offset::mxcsr, 4);
    for (unsigned i = 0; i < 16; ++i) {
        u8* const ymm = state.vector.ymm[i].data();
        if (components & 2) std::memcpy(ymm, area + x86::legacy_offset::xmm + 16 * i, 16);
        if (components & 4) std::memcpy(ymm + 16, area + shared.upper_halves_offset + 16 * i, 16);
    }
}

void write_save_area(const x86::CpuState& state, u8* area) {
    x86::write_x87_image(state.x87, true, area);
    std::memcpy(area + x86::legacy_offset::mxcsr, &state.vector.mxcsr, 4);
    for (unsigned i = 0; i < 16; ++i) {
        const u8* const ymm = state.vector.ymm[i].data();
        std::memcpy(area + x86::legacy_offset::xmm + 16 * i, ymm, 16);
        std::memcpy(area + shared.upper_halves_offset + 16 * i, ymm + 16, 16);
    }
    constexpr u64 components = 7;
    std::memcpy(area + xsave_header, &components, 8);
}

void record(const ucontext_t& context, Outcome& outcome) {
    const auto& gregs = context.uc_mcontext.gregs;
    const auto value = [&](int index) { return static_cast<u64>(gregs[index]); };
    x86::CpuState& state = outcome.state;
    for (unsigned i = 0; i < 16; ++i) state.gpr[i] = value(frame_index[i]);
    state.rip = value(REG_RIP);
    state.rflags = value(REG_EFL);
    state.cr2 = value(REG_CR2);
    outcome.vector = value(REG_TRAPNO);
    outcome.error_code = value(REG_ERR);
    const NativeContext& left = ringer_oracle_context;
    const auto set = [&](x86::SegmentRegister segment, u64 selector) {
        state.segments[segment].selector = static_cast<u16>(selector);
    };
    set(x86::cs, value(REG_CSGSFS));
    set(x86::ss, value(REG_CSGSFS) >> 48);
    set(x86::ds, left.left_ds);
    set(x86::es, left.left_es);
    set(x86::fs, left.left_fs);
    set(x86::gs, left.left_gs);
    state.segments[x86::fs].base = left.left_fs_base;
    state.segments[x86::gs].base = left.left_gs_base;
    read_save_area(reinterpret_cast<const u8*>(context.uc_mcontext.fpregs), state);
}

void pass_on(int number, siginfo_t* information, void* context) {
    const struct sigaction& before = shared.before[number];
    if (number == SIGVTALRM) return;
    if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(number, information, context);
    else
        std::signal(number, SIG_DFL); // The instruction is run again, and ends the process.
}

} // namespace

extern "C" void ringer_oracle_on_signal(int number, void* information, void* context) {
    if (!shared.in_trial) return pass_on(number, static_cast<siginfo_t*>(information), context);
    shared.in_trial = false;
    shared.ticked = number == SIGVTALRM;
    record(*static_cast<ucontext_t*>(context), shared.outcome);
    leave_trial();
}

std::vector<VisibleDescriptor> visible_descriptors() {
    std::vector<VisibleDescriptor> found;
    for (u32 selector = 3; selector <= 0xffff; selector += 4) { // The GDT's, RPL 3.
        if (selector & 4) continue;
        u32 rights = 0, limit = 0;
        bool has_rights, has_limit;
        asm("lar %2, %0" : "+r"(rights), "=@ccz"(has_rights) : "r"(selector));
        asm("lsl %2, %0" : "+r"(limit), "=@ccz"(has_limit) : "r"(selector));
        if (!has_rights || !has_limit) continue;
        constexpr u32 granularity = 1 << 23;
        if (rights & granularity) limit >>= 12;
        const u64 low = (u64{rights & 0xf0'ff00} << 32) | (limit & 0xffff) | u64{limit & 0xf'0000} << 32;
        found.push_back({static_cast<u16>(selector), low});
    }
    return found;
}

bool load_local_segments() {
    constexpr int write_table = 0x11;
    return std::ranges::all_of(local_segments, [](const LocalSegment& segment) {
        user_desc entry{};
        entry.entry_number = segment.selector >> 3;
        entry.base_addr = segment.base;
        entry.limit = segment.limit;
        entry.seg_32bit = segment.is_32_bit;
        entry.contents = static_cast<unsigned>(segment.kind) & 3;
        entry.read_exec_only = segment.limited;
        entry.seg_not_present = !segment.present;
        return syscall(SYS_modify_ldt, write_table, &entry, sizeof(entry)) == 0;
    });
}

NativeCpu::NativeCpu() {
    const int object = memfd_create("oracle", MFD_CLOEXEC);
    RINGER_ASSERT(object >= 0 && ftruncate(object, layout::size) == 0);
    void* const alias = mmap(nullptr, layout::size, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
    RINGER_ASSERT(alias != MAP_FAILED);
    memory_ = {static_cast<u8*>(alias), layout::size};
    for (std::size_t i = 0; i < layout::pages.size(); ++i) {
        const layout::Page& page = layout::pages[i];
        const int protection =
            PROT_READ | (page.writable ? PROT_WRITE : 0) | (page.executable ? PROT_EXEC : 0);
        void* const wanted = reinterpret_cast<void*>(page.linear);
        void* const mapped = mmap(wanted, layout::page_size, protection, MAP_SHARED | MAP_FIXED_NOREPLACE,
                                  object, static_cast<off_t>(i * layout::page_size));
        RINGER_ASSERT(mapped == wanted);
        (void)mlock(mapped, layout::page_size); // A page that is not there faults otherwise than one that is.
    }
    close(object);
    clear_code(memory_);

    u32 size, unused;
    __cpuid_count(0xd, 2, size, shared.upper_halves_offset, unused, unused);
    NativeContext& context = ringer_oracle_context;
    asm volatile("rdfsbase %0; rdgsbase %1" : "=r"(context.host_fs_base), "=r"(context.host_gs_base));

    static u8 signal_stack[1 << 16];
    const stack_t stack = {.ss_sp = signal_stack, .ss_flags = 0, .ss_size = sizeof(signal_stack)};
    RINGER_ASSERT(sigaltstack(&stack, nullptr) == 0);
    struct sigaction action{};
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    action.sa_sigaction = reinterpret_cast<void (*)(int, siginfo_t*, void*)>(&signal_entry);
    for (const int signal : signals) RINGER_ASSERT(sigaction(signal, &action, &shared.before[signal]) == 0);
    constexpr itimerval tick = {.it_interval = {1, 0}, .it_value = {1, 0}};
    RINGER_ASSERT(setitimer(ITIMER_VIRTUAL, &tick, nullptr) == 0);
}

Outcome NativeCpu::run(const Trial& trial) {
    // A tick may meet any trial, but none twice, unless it does not end.
    for (unsigned ticks = 0; ticks < 2; ++ticks) {
        run_once(trial);
        if (!shared.ticked) return shared.outcome;
    }
    shared.outcome.end = Outcome::End::endless;
    return shared.outcome;
}

void NativeCpu::run_once(const Trial& trial) {
    put_trial(trial, memory_);
    const x86::CpuState& state = trial.state;
    NativeContext& context = ringer_oracle_context;
    write_save_area(state, context.save_area.data());
    context.gpr = state.gpr;
    context.rip = state.rip;
    context.rflags = state.rflags;
    context.rsp = state.gpr[x86::rsp];
    context.cs = state.segments[x86::cs].selector;
    context.ss = state.segments[x86::ss].selector;
    context.ds = state.segments[x86::ds].selector;
    context.es = state.segments[x86::es].selector;
    context.fs = state.segments[x86::fs].selector;
    context.gs = state.segments[x86::gs].selector;
    context.fs_base = state.segments[x86::fs].base;
    context.gs_base = state.segments[x86::gs].base;
    const bool is_64_bit = trial.code_size == CodeSize::bits64;
    context.frame = !is_64_bit && is_16_bit_stack(context.ss & 0xffff) ? entry_frame
                                                                       : reinterpret_cast<u64>(&context.rip);
    shared.outcome = {};
    shared.in_trial = true;
    enter_trial();
    remove_instruction(trial, memory_);
}

} // namespace ringer::oracle
