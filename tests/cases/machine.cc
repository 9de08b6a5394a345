#include "machine.h"

#include "base/assert.h"
#include "fields.h"
#include "host/ram.h"
#include "host/shadow_space.h"
#include "machine/pc.h"
#include "machine/pc_platform.h"

#include <array>
#include <cstring>
#include <utility>

namespace ringer::cases {

namespace {

/// Intel SDM Vol. 3, 3.4.5; every one has its accessed bit set, so that loading it writes nothing.
constexpr std::array<u64, 11> descriptors = {
    0,
    0x00af'9b00'0000'ffff,                     // code64
    0x00cf'9300'0000'ffff,                     // data
    0x00cf'f300'0000'ffff,                     // user_data
    0x00af'fb00'0000'ffff,                     // user_code64
    0x00cf'9b00'0000'ffff,                     // code32
    0x0000'9b00'0000'ffff,                     // 16-bit code
    0x0000'9300'0000'ffff,                     // 16-bit data
    0x00cf'1300'0000'ffff,                     // data, not present
    0x0000'8b00'0000'0067 | layout::tss << 16, // busy TSS
    0,                                         // and its upper half in long mode
};

host::HostRam allocate_ram(u64 size) {
    auto ram = host::HostRam::allocate(size, host::HostRam::Kind::shared);
    RINGER_ASSERT(ram);
    return *std::move(ram);
}

x86::Segment segment(u16 selector) {
    const u64 descriptor = descriptors[selector / 8];
    const bool pages = descriptor >> 55 & 1;
    const u32 limit = static_cast<u32>((descriptor & 0xffff) | (descriptor >> 32 & 0xf'0000));
    return {.selector = selector,
            .attributes = static_cast<u16>(descriptor >> 40 & 0xf0ff),
            .limit = pages ? limit << 12 | 0xfff : limit,
            .base = (descriptor >> 16 & 0xff'ffff) | (descriptor >> 56 & 0xff) << 24};
}

void enter_real_mode(x86::CpuState& state) {
    for (x86::Segment& each : state.segments) each = {0, 0x93, 0xffff, 0};
    state.segments[x86::cs].attributes = 0x9b;
    state.idtr = {0, 0x3ff};
    state.gpr[x86::rsp] = layout::handler_stack;
}

void enter_protected_mode(x86::CpuState& state) {
    for (x86::Segment& each : state.segments) each = segment(layout::data);
    state.segments[x86::cs] = segment(layout::code32);
    state.tr = segment(layout::task);
    state.idtr = {layout::idt, 256 * 8 - 1};
    state.cr0 = x86::cr0::pe | x86::cr0::mp | x86::cr0::et | x86::cr0::ne | x86::cr0::wp;
    state.gpr[x86::rsp] = layout::stack;
}

void enter_long_mode(x86::CpuState& state, bool user) {
    enter_protected_mode(state);
    for (x86::Segment& each : state.segments) each = segment(user ? layout::user_data : layout::data);
    state.segments[x86::cs] = segment(user ? layout::user_code64 : layout::code64);
    state.cpl = user ? 3 : 0;
    state.idtr.limit = 256 * 16 - 1;
    state.cr0 |= x86::cr0::pg;
    state.cr3 = layout::pml4;
    state.msr.efer = x86::efer::sce | x86::efer::lme | x86::efer::lma | x86::efer::nxe;
}

/// Lays down in RAM what a case finds there.
class Tables {
  public:
    Tables(memory::AddressSpace& memory, const Case& one) : memory_(memory), case_(one) {}

    void put() {
        put_descriptors();
        put_page_tables();
        put_gates();
        std::array<u8, 256> halts{};
        halts.fill(0xf4);
        put(layout::handlers, halts);
        put(code_address(case_.mode), case_.code);
    }

  private:
    void put(u64 address, std::span<const u8> bytes) { RINGER_ASSERT(memory_.write_ram(address, bytes)); }

    void put(u64 address, u64 value, unsigned size) {
        put(address, std::span(reinterpret_cast<const u8*>(&value), size));
    }

    void put_descriptors() {
        for (unsigned i = 0; i < descriptors.size(); ++i) put(layout::gdt + 8 * i, descriptors[i], 8);
        // ESP0 and SS0 of a 32-bit TSS; in a 64-bit one the same bytes are RSP0, which SS0 must therefore not
        // spoil.
        put(layout::tss + 4, layout::handler_stack, 8);
        if (case_.mode == Mode::prot32) put(layout::tss + 8, layout::data, 2);
        put(layout::tss + 0x66, 0x68, 2); // The I/O permission bitmap begins beyond the limit: there is none.
    }

    void put_page_tables() {
        constexpr u64 present_writable_user = 7;
        put(layout::pml4, layout::pdpt | present_writable_user, 8);
        put(layout::pdpt, layout::page_directory | present_writable_user, 8);
        put(layout::page_directory, layout::page_table | present_writable_user, 8);
        for (u64 page = 0; page < layout::ram_size; page += memory::page_size)
            put(layout::page_table + (page >> memory::page_shift) * 8, page | present_writable_user, 8);
        if (case_.on_pc) put_apic_pages();
    }

    /// Of 2 MiB each, uncached.
    void put_apic_pages() {
        constexpr u64 present_writable = 3, uncached = 0x18, large = 0x80;
        put(layout::pdpt + 3 * 8, layout::apic_page_directory | present_writable, 8);
        for (const u64 base : {machine::pc::io_apic_base, machine::pc::local_apic_base})
            put(layout::apic_page_directory + (base >> 21 & 0x1ff) * 8,
                base | large | uncached | present_writable, 8);
    }

    void put_gates() {
        for (u64 vector = 0; vector < 256; ++vector) {
            const u64 handler = layout::handlers + vector;
            const bool for_programs = vector == 3 || vector == 4;
            const u64 gate = 0x8e00 | (for_programs ? 0x6000 : 0);
            if (case_.mode == Mode::real16) {
                put(vector * 4, handler, 4);
            } else {
                const u16 selector = case_.mode == Mode::prot32 ? layout::code32 : layout::code64;
                put(layout::idt + vector * (case_.mode == Mode::prot32 ? 8 : 16),
                    handler | u64{selector} << 16 | gate << 32, 8);
            }
        }
    }

    memory::AddressSpace& memory_;
    const Case& case_;
};

/// A CPU's surroundings that hold nothing but RAM.
class BareMachine final : public Machine, private x86::Surroundings, private x86::InterruptController {
  public:
    BareMachine(const Case& one, const MakeVcpu& make_vcpu) {
        memory_.add_ram({0, ram_.bytes()});
        Tables(memory_, one).put();
        vcpu_ = make_vcpu(*this, shadow_space_.get());
    }

    engine::X86Vcpu& vcpu() override { return *vcpu_; }
    memory::AddressSpace& memory() override { return memory_; }
    engine::Exit run(u64 budget) override { return vcpu_->run(budget).exit; }

  private:
    memory::AddressSpace& ports() override { return ports_; }
    x86::InterruptController& interrupts() override { return *this; }
    Nanoseconds now() const override { return 0; }

    bool interrupt_pending() const override { return false; }
    u8 acknowledge() override { return 0; }
    u8 task_priority() const override { return 0; }
    void set_task_priority(u8) override {}
    std::optional<u64> read_msr(u32) override { return std::nullopt; }
    bool write_msr(u32, u64, u64) override { return false; }
    void tsc_offset_changed(u64) override {}
    bool enabled() const override { return false; }
    u32 id() const override { return 0; }

    host::HostRam ram_ = allocate_ram(layout::ram_size);
    std::unique_ptr<host::HostShadowSpace> shadow_space_ = host::HostShadowSpace::make(ram_);
    memory::AddressSpace memory_, ports_;
    std::unique_ptr<engine::X86Vcpu> vcpu_;
};

/// The outside of a PC on which a case runs: nothing comes in, and the case is over when only an NMI or a
/// reset could still wake its CPU, or time passes without another instruction.
class CaseOutside final : public world::Outside {
  public:
    void watch(const engine::X86Vcpu& vcpu) { vcpu_ = &vcpu; }

    Nanoseconds monotonic() override { return 0; }
    u64 time_of_day() override { return 0; }
    std::size_t receive(unsigned, std::span<u8>) override { return 0; }
    void send(unsigned, std::span<const u8>) override {}
    void wait(std::optional<Nanoseconds>) override {}
    void wake() override {}

    Request request() override {
        const x86::CpuState& state = vcpu_->state();
        if (state.activity == x86::Activity::halted && !(state.rflags & x86::flag::interrupt))
            return Request::quit;
        if (std::exchange(retired_, state.retired) != state.retired) idle_ = 0;
        constexpr unsigned longest_sleep = 10'000; // In deadlines of devices.
        return ++idle_ < longest_sleep ? Request::none : Request::timeout;
    }

  private:
    const engine::X86Vcpu* vcpu_ = nullptr;
    u64 retired_ = 0;
    unsigned idle_ = 0;
};

class PcMachine final : public Machine {
  public:
    PcMachine(const Case& one, unsigned physical_address_bits, const MakeVcpu& make_vcpu)
        : pc_({memory_layout(), machine::ClockKind::instructions, physical_address_bits}, ram_.bytes(),
              outside_,
              [&](x86::Surroundings& surroundings) { return make_vcpu(surroundings, shadow_space_.get()); }) {
        outside_.watch(pc_.vcpu());
        Tables(pc_.memory(), one).put();
    }

    engine::X86Vcpu& vcpu() override { return pc_.vcpu(); }
    memory::AddressSpace& memory() override { return pc_.memory(); }

    engine::Exit run(u64 budget) override {
        switch (pc_.run({pc_.vcpu().retired() + budget}).reason) {
        case machine::EndReason::quit: return engine::Hlt{.interruptible = false};
        case machine::EndReason::triple_fault: return engine::Shutdown{};
        case machine::EndReason::instruction_limit: return engine::BudgetSpent{};
        default: return engine::Interrupted{};
        }
    }

  private:
    static machine::MemoryLayout memory_layout() {
        const auto smallest = machine::MemoryLayout::of_size(machine::MemoryLayout::minimum);
        RINGER_ASSERT(smallest);
        return *smallest;
    }

    host::HostRam ram_ = allocate_ram(machine::Pc::host_memory(memory_layout()));
    std::unique_ptr<host::HostShadowSpace> shadow_space_ = host::HostShadowSpace::make(ram_);
    CaseOutside outside_;
    machine::Pc pc_;
};

} // namespace

std::unique_ptr<Machine> make_machine(const Case& one, unsigned physical_address_bits,
                                      const MakeVcpu& make_vcpu) {
    if (one.on_pc) return std::make_unique<PcMachine>(one, physical_address_bits, make_vcpu);
    return std::make_unique<BareMachine>(one, make_vcpu);
}

Result<x86::CpuState> initial_state(const Case& one) {
    x86::CpuState state;
    state.rip = code_address(one.mode);
    state.gdtr = {layout::gdt, sizeof(descriptors) - 1};
    state.cr4 = x86::cr4::pae | x86::cr4::osfxsr | x86::cr4::osxmmexcpt | x86::cr4::osxsave;
    state.xcr0 = 7;
    state.x87.control = 0x37f;
    state.x87.valid = 0;
    switch (one.mode) {
    case Mode::real16: enter_real_mode(state); break;
    case Mode::prot32: enter_protected_mode(state); break;
    case Mode::long64: enter_long_mode(state, false); break;
    case Mode::user64: enter_long_mode(state, true); break;
    }
    for (const Record& record : one.records) {
        if (record.kind != Record::Kind::given) continue;
        const Field field = find_field(state, record.name);
        if (!field.bytes) return user_error("{} gives '{}', which is no register", one.name, record.name);
        std::memcpy(field.bytes, record.values.data(), field.size);
    }
    return state;
}

} // namespace ringer::cases
