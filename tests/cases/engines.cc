#include "base/assert.h"
#include "engine/x86_engine.h"
#include "host/code_memory.h"
#include "host/fault_handler.h"
#include "machine.h"
#include "subject.h"
#include "x86/cpuid.h"
#include "x86/host_stub.h"

#include <array>
#include <cstring>
#include <string>

namespace ringer::cases {

namespace {

constexpr u64 most_instructions = 1'000'000;

/// The frame that an exception has left on the handler's stack (Intel SDM Vol. 3, 6.12.1, 6.14.2 and 20.1.4).
class ExceptionFrame {
  public:
    ExceptionFrame(std::span<const u8> ram, const x86::CpuState& in_handler, u64 vector)
        : ram_(ram), long_(in_handler.msr.efer & x86::efer::lma), real_(!(in_handler.cr0 & x86::cr0::pe)),
          position_(in_handler.gpr[x86::rsp]), handler_cpl_(in_handler.cpl) {
        const bool pushes_error_code = vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;
        if (pushes_error_code && !real_) error_code_ = pop();
    }

    u64 error_code() const { return error_code_; }

    /// Puts the interrupted program back.
    void restore(x86::CpuState& state) {
        state.rip = pop();
        state.segments[x86::cs].selector = static_cast<u16>(pop());
        state.rflags = pop();
        if (real_) {
            state.gpr[x86::rsp] = position_;
            return;
        }
        const bool virtual8086 = !long_ && (state.rflags & x86::flag::vm);
        state.cpl = virtual8086 ? 3 : state.segments[x86::cs].selector & 3;
        if (long_ || state.cpl != handler_cpl_) {
            state.gpr[x86::rsp] = pop();
            state.segments[x86::ss].selector = static_cast<u16>(pop());
        } else {
            state.gpr[x86::rsp] = position_;
        }
        if (!virtual8086) return;
        for (const x86::SegmentRegister segment : {x86::es, x86::ds, x86::fs, x86::gs})
            state.segments[segment].selector = static_cast<u16>(pop());
    }

  private:
    u64 pop() {
        const unsigned size = long_ ? 8 : real_ ? 2 : 4;
        u64 value = 0;
        if (position_ <= ram_.size() - size) std::memcpy(&value, ram_.data() + position_, size);
        position_ += size;
        return value;
    }

    std::span<const u8> ram_;
    bool long_, real_;
    u64 position_;
    u8 handler_cpl_;
    u64 error_code_ = 0;
};

/// A CPU model with room for the code that is made of vector instructions and for translations.
class ModelWithStubs {
  public:
    ModelWithStubs() {
        model_.stubs = &stubs_;
        model_.translations = code().from(stub_bytes);
    }

    /// The host's CPU, or one of the other maker if the case does not hold on the host's.
    x86::CpuModel model_for(const Case& one) const {
        x86::CpuModel model = model_;
        if (!one.holds_on(model.is_amd)) model.is_amd = !model.is_amd;
        return model;
    }

  private:
    static constexpr u64 stub_bytes = 1 << 20, translation_bytes = 1 << 20;

    static host::CodeMemory allocate() {
        auto memory = host::CodeMemory::allocate(stub_bytes + translation_bytes);
        RINGER_ASSERT(memory);
        return *std::move(memory);
    }

    x86::CodeMemory code() const {
        return {.writable = memory_.writable(), .executable = memory_.executable()};
    }

    host::CodeMemory memory_ = allocate();
    x86::HostStubs stubs_{code().part(0, stub_bytes)};
    host::FaultRecovery recovery_{stubs_.executable(), stubs_.fault_exit()};
    x86::CpuModel model_ = x86::host_model();
};

/// What the cases use of RAM; a hole in it reads as zeros.
std::vector<u8> contents(const memory::AddressSpace& memory) {
    std::vector<u8> bytes(layout::ram_size);
    for (u64 page = 0; page < layout::ram_size; page += memory::page_size)
        (void)memory.read_ram(page, std::span(bytes).subspan(page, memory::page_size));
    return bytes;
}

/// After how many instructions the engine is stopped, each time: never before the end, after each one, or
/// after ever more and then few again, so that blocks are met with too little left for them.
enum class Stops : u8 { never, stepped, sliced };

u64 budget(Stops stops, u64 run) {
    constexpr u64 longest_slice = 67; // A prime, lest the rounds of a loop are always met in the same places.
    switch (stops) {
    case Stops::never: return most_instructions;
    case Stops::stepped: return 1;
    case Stops::sliced: break;
    }
    return run % longest_slice + 1;
}

class EngineSubject final : public Subject {
  public:
    EngineSubject(std::string_view engine, Stops stops) : engine_(engine), stops_(stops) {}

    std::string name() const override {
        constexpr std::array<std::string_view, 3> endings{"", "_stepped", "_sliced"};
        return engine_ + std::string(endings[static_cast<unsigned>(stops_)]);
    }
    bool can_run(const Case&) const override { return true; }

    Ending run(const Case& one, const x86::CpuState& initial) override {
        x86::CpuModel model = model_.model_for(one);
        const auto make_vcpu = [&](x86::Surroundings& surroundings, memory::ShadowSpace* shadow_space) {
            model.shadow_space = shadow_space;
            return engine::make_x86_vcpu(engine_, surroundings, model);
        };
        const auto machine = make_machine(one, model.physical_bits, make_vcpu);
        engine::X86Vcpu& vcpu = machine->vcpu();
        vcpu.set_state(initial);
        engine::Exit exit = engine::BudgetSpent{};
        for (u64 run = 0;
             std::holds_alternative<engine::BudgetSpent>(exit) && vcpu.retired() < most_instructions; ++run)
            exit = machine->run(budget(stops_, run));

        Ending ending;
        ending.state = vcpu.state();
        ending.ram = contents(machine->memory());
        if (std::holds_alternative<engine::Shutdown>(exit)) ending.kind = Ending::Kind::shutdown;
        if (std::holds_alternative<engine::Hlt>(exit)) explain_halt(ending);
        return ending;
    }

  private:
    static void explain_halt(Ending& ending) {
        x86::CpuState& state = ending.state;
        state.activity = x86::Activity::running;
        --state.retired;
        --state.rip;
        ending.kind = Ending::Kind::halted;
        if (state.rip < layout::handlers || state.rip >= layout::handlers + 256) return;

        ending.kind = Ending::Kind::exception;
        ending.vector = state.rip - layout::handlers;
        ExceptionFrame frame(ending.ram, state, ending.vector);
        ending.error_code = frame.error_code();
        frame.restore(state);
        if (ending.vector == 13 && state.cpl == 3 && is_hlt(ending.ram, state))
            ending.kind = Ending::Kind::halted;
    }

    /// Whether a program, in a flat segment or in virtual-8086 mode, is at a HLT.
    static bool is_hlt(std::span<const u8> ram, const x86::CpuState& state) {
        const bool virtual8086 = state.rflags & x86::flag::vm;
        const u64 base = virtual8086 ? u64{state.segments[x86::cs].selector} << 4 : 0;
        const u64 address = base + state.rip;
        return address < ram.size() && ram[address] == 0xf4;
    }

    std::string engine_;
    Stops stops_;
    ModelWithStubs model_;
};

} // namespace

std::vector<std::unique_ptr<Subject>> all_engines() {
    std::vector<std::unique_ptr<Subject>> subjects;
    for (const std::string_view engine : engine::x86_engine_names())
        for (const Stops stops : {Stops::never, Stops::stepped, Stops::sliced})
            subjects.push_back(std::make_unique<EngineSubject>(engine, stops));
    return subjects;
}

} // namespace ringer::cases
