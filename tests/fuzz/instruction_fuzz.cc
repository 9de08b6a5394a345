#include "cpu_models.h"
#include "cpu_state.h"
#include "engine/x86_engine.h"
#include "host/code_memory.h"
#include "host/fault_handler.h"
#include "small_machine.h"
#include "state/describer.h"
#include "state/writer.h"
#include "x86/decode.h"
#include "x86/host_stub.h"

#include <array>
#include <csignal>
#include <ctime>
#include <memory>

#include <fmt/format.h>

using namespace ringer;
using namespace ringer::fuzz;

namespace {

constexpr u64 budget = 12;

host::CodeMemory allocate_code(u64 bytes) {
    auto memory = host::CodeMemory::allocate(bytes);
    RINGER_ASSERT(memory);
    return *std::move(memory);
}

x86::CodeMemory both_views(host::CodeMemory& memory) {
    return {.writable = memory.writable(), .executable = memory.executable()};
}

/// A machine and its vCPU on one engine.
struct Guest {
    explicit Guest(std::string_view engine, const x86::CpuModel& like) : model(like) {
        model.translations = both_views(code);
        vcpu = engine::make_x86_vcpu(engine, machine, model);
    }

    std::vector<u8> save() {
        state::Writer writer;
        vcpu->visit(writer);
        return writer.finish();
    }

    nlohmann::ordered_json describe() {
        state::Describer describer;
        vcpu->visit(describer);
        return describer.finish();
    }

    host::CodeMemory code = allocate_code(2 * MiB);
    x86::CpuModel model;
    SmallMachine machine;
    std::unique_ptr<engine::X86Vcpu> vcpu;
};

/// A CPU model, and the guests of all engines with it.
class Laboratory {
  public:
    explicit Laboratory(Maker maker) : model(model_of(maker)) {
        model.stubs = &stubs_;
        for (const std::string_view name : engine::x86_engine_names())
            guests.push_back(std::make_unique<Guest>(name, model));
    }

    x86::CpuModel model;
    std::vector<std::unique_ptr<Guest>> guests;

  private:
    host::CodeMemory stub_code_ = allocate_code(2 * MiB);
    x86::HostStubs stubs_{both_views(stub_code_)};
    host::FaultRecovery recovery_{stubs_.executable(), stubs_.fault_exit()};
};

Laboratory& laboratory(Maker maker) {
    static std::array<std::unique_ptr<Laboratory>, makers> all;
    auto& wanted = all[static_cast<unsigned>(maker)];
    if (!wanted) wanted = std::make_unique<Laboratory>(maker);
    return *wanted;
}

/// Where CS:RIP lies in RAM, if that is mapped to itself.
void put_code(const x86::CpuState& state, std::span<const u8> bytes, std::vector<u8>& ram) {
    const bool is_long64 = (state.msr.efer & x86::efer::lma) && state.segments[x86::cs].is_long();
    const u64 linear = state.rip + (is_long64 ? 0 : state.segments[x86::cs].base);
    if (linear < ram.size())
        std::ranges::copy(bytes.first(std::min<u64>(bytes.size(), ram.size() - linear)),
                          ram.begin() + static_cast<std::ptrdiff_t>(linear));
}

void patch_memory(Input& input, std::vector<u8>& ram) {
    while (!input.is_empty()) {
        const u64 address = input.take<u16>() * u64{2};
        const u64 value = input.take<u64>();
        std::memcpy(ram.data() + std::min<u64>(address, ram.size() - 8), &value, 8);
    }
}

/// Stops a run in which the guest takes one fault after the other for ever and nothing retires: a timer
/// ticks, and kicks a vCPU that it has found in the same run twice.
class Watchdog {
  public:
    Watchdog() {
        struct sigaction action{};
        action.sa_handler = [](int) {
            if (!running) return;
            ticks = ticks + 1;
            if (ticks == 2) running->kick();
        };
        action.sa_flags = SA_RESTART;
        sigaction(SIGVTALRM, &action, nullptr);
        sigevent event{};
        event.sigev_notify = SIGEV_SIGNAL;
        event.sigev_signo = SIGVTALRM;
        timer_t timer;
        RINGER_ASSERT(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
        constexpr timespec half_a_millisecond{.tv_sec = 0, .tv_nsec = 500'000};
        const itimerspec tick{.it_interval = half_a_millisecond, .it_value = half_a_millisecond};
        RINGER_ASSERT(timer_settime(timer, 0, &tick, nullptr) == 0);
    }

    static engine::RunResult run(engine::Vcpu& vcpu, u64 instructions) {
        ticks = 0;
        running = &vcpu;
        const engine::RunResult result = vcpu.run(instructions);
        running = nullptr;
        return result;
    }

  private:
    static inline engine::Vcpu* volatile running = nullptr;
    static inline volatile unsigned ticks = 0;
};

/// What the input makes of a guest before it runs.
struct Start {
    x86::CpuState state;
    std::vector<u8> ram;
    std::optional<u8> interrupt;
};

engine::RunResult run(Guest& guest, const Start& start, u64 instructions) {
    static const Watchdog timer;
    guest.machine.set_ram(start.ram);
    guest.machine.interrupts().waiting = start.interrupt;
    guest.vcpu->set_state(start.state);
    guest.vcpu->set_interrupt(start.interrupt.has_value());
    return timer.run(*guest.vcpu, instructions);
}

bool agree(Guest& first, Guest& second) {
    // Bytes that are the same show the same state; others may lie between fields.
    const bool same_bytes =
        std::memcmp(&first.vcpu->state(), &second.vcpu->state(), sizeof(x86::CpuState)) == 0;
    if (same_bytes && first.machine.ram() == second.machine.ram()) return true;
    return first.save() == second.save() && first.machine.ram() == second.machine.ram();
}

/// What a guest that changes its page tables sees depends on what its TLB holds.
bool is_comparable(const Start& start, const Guest& guest) {
    if (!(start.state.cr0 & x86::cr0::pg)) return true;
    return start.state.cr3 == page_tables && have_same_translations(start.ram, guest.machine.ram());
}

/// Tells after how many instructions two engines differ, and in what.
void explain(Guest& first, Guest& second, const Start& start) {
    u64 count = 0;
    do {
        ++count;
        run(first, start, count);
        run(second, start, count);
    } while (count < budget && agree(first, second));
    fmt::print(stderr, "{} and {} differ after {} instructions:\n", first.vcpu->engine_name(),
               second.vcpu->engine_name(), count);
    for (const state::Difference& one : state::compare(first.describe(), second.describe()))
        fmt::print(stderr, "  {}\n", state::to_string(one));
    const auto [left, right] = std::ranges::mismatch(first.machine.ram(), second.machine.ram());
    if (left != first.machine.ram().end())
        fmt::print(stderr, "  RAM at {:#x}: {:#x} and {:#x}\n", left - first.machine.ram().begin(), *left,
                   *right);
}

} // namespace

/// Executing arbitrary bytes from an arbitrary state leaves a state that a CPU can be in, the same on every
/// engine.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    Input input(data, size);
    const auto mode = static_cast<CpuMode>(input.take<u8>() % cpu_modes);
    const u8 choices = input.take<u8>();
    Laboratory& here = laboratory(static_cast<Maker>(choices % makers));
    const auto bytes = input.take_bytes(input.take<u8>() % 64);

    Start start{make_state(mode, here.model, input), memory_for(mode), std::nullopt};
    check_state(start.state, here.model);
    if (choices & 0x80) start.interrupt = input.take<u8>();
    patch_memory(input, start.ram);
    put_code(start.state, bytes, start.ram);

    Guest& reference = *here.guests.front();
    for (const auto& guest : here.guests) {
        const engine::RunResult result = run(*guest, start, budget);
        if (std::holds_alternative<engine::Interrupted>(result.exit)) return 0;
        RINGER_ASSERT(result.retired <= budget);
        check_state(guest->vcpu->state(), here.model);
        const bool same = agree(reference, *guest) || !is_comparable(start, reference);
        if (!same) explain(reference, *guest, start);
        RINGER_ASSERT(same);
    }
    return 0;
}
