#include "engine/x86_engine.h"

#include "base/assert.h"
#include "engine/interpreter/interpreter.h"
#include "engine/translator/translator.h"
#include "x86/cpuid.h"
#include "x86/paging.h"

#include <algorithm>
#include <array>
#include <type_traits>

namespace ringer::engine {

namespace {

constexpr std::array<std::string_view, 5> names{Interpreter::cached_name, Translator::names[0],
                                                Interpreter::uncached_name, Translator::names[1],
                                                Translator::names[2]};

/// The vCPU and its engine are one object, because translated code reaches both from one register.
template <class Engine>
class VcpuOnEngine final : public X86Vcpu {
  public:
    template <class... Options>
    VcpuOnEngine(x86::Surroundings& surroundings, const x86::CpuModel& model, Options... options)
        : cpu_(surroundings, model), engine_(cpu_, options...) {}

    RunResult run(Budget budget) override { return engine_.run(budget); }

    void stop_soon() override {
        cpu_.stop_requested = true;
        cpu_.request_check();
    }

    void kick() override {
        cpu_.kicked = true;
        cpu_.request_check();
    }

    void watch_writes() override { cpu_.tlb.revoke_writes(); }

    u64 retired() const override { return cpu_.state.retired; }
    Traits traits() const override { return engine_.traits(); }
    std::string_view engine_name() const override { return engine_.name(); }
    Counters counters() const override { return engine_.counters(); }
    Activity activity() const override { return engine_.activity(); }

    void reset() override {
        x86::CpuState state = x86::reset_state();
        state.gpr[x86::rdx] = x86::cpuid(cpu_, 1, 0).eax; // Intel SDM Vol. 3, table 10-1.
        set_state(state);
    }

    void visit(state::Archive& archive) override {
        x86::visit(archive, cpu_.state);
        if (archive.loads()) x86::state_changed(cpu_);
    }

    const x86::CpuState& state() const override { return cpu_.state; }

    void set_state(const x86::CpuState& state) override {
        cpu_.state = state;
        x86::state_changed(cpu_);
    }

    std::optional<GuestPhysical> translate(u64 linear) override {
        return x86::inspect_translation(cpu_, linear);
    }

    x86::CodeMode code_mode() const override { return cpu_.code_mode; }

    void explain([[maybe_unused]] u64 linear) override {
        if constexpr (translates) engine_.explain(linear);
    }

    const Explanation* explanation() const override {
        if constexpr (translates)
            if (engine_.explanation()) return &*engine_.explanation();
        return nullptr;
    }

    void set_interrupt(bool pending) override {
        cpu_.interrupt_line = pending;
        cpu_.request_check();
    }

    void nmi() override {
        cpu_.state.nmi_pending = true;
        cpu_.request_check();
    }

    void init() override {
        cpu_.state.init_pending = true;
        cpu_.request_check();
    }

    /// There is one vCPU, which is the bootstrap processor and never waits for this.
    void startup(u8) override {}

  private:
    static constexpr bool translates = std::is_same_v<Engine, Translator>;

    x86::Cpu cpu_;
    Engine engine_;
};

} // namespace

std::span<const std::string_view> x86_engine_names() { return names; }

std::unique_ptr<X86Vcpu> make_x86_vcpu(std::string_view engine, x86::Surroundings& surroundings,
                                       const x86::CpuModel& model) {
    const auto variant = std::ranges::find(Translator::names, engine);
    if (variant != Translator::names.end())
        return std::make_unique<VcpuOnEngine<Translator>>(
            surroundings, model, static_cast<Translator::Variant>(variant - Translator::names.begin()));
    if (engine == Interpreter::uncached_name)
        return std::make_unique<VcpuOnEngine<Interpreter>>(surroundings, model, Interpreter::Caching::none);
    RINGER_ASSERT(engine == Interpreter::cached_name);
    return std::make_unique<VcpuOnEngine<Interpreter>>(surroundings, model);
}

} // namespace ringer::engine
