#pragma once

#include "device/device.h"
#include "device/interrupt/external_interrupt.h"
#include "device/interrupt/interrupt_message.h"
#include "device/interrupt/local_apic_registers.h"
#include "device/interrupt/local_apic_timer.h"
#include "device/interrupt/vector_set.h"
#include "device/wire.h"
#include "memory/region.h"

#include <array>
#include <optional>
#include <string>

namespace ringer::device {

/// What a local APIC drives of its vCPU.
class CpuPins {
  public:
    virtual ~CpuPins() = default;
    /// LocalApic::interrupt_pending() has changed to `pending`.
    virtual void set_interrupt(bool pending) = 0;
    virtual void nmi() = 0;
    /// The vCPU is reset, but for what survives an INIT. The local APIC has reset itself already.
    virtual void init() = 0;
    /// A STARTUP message: execution from `vector` << 12, when the vCPU waits for one.
    virtual void startup(u8 vector) = 0;
};

/// The local APIC of one vCPU: xAPIC and x2APIC modes of Intel SDM Vol. 3, chapter "Advanced Programmable
/// Interrupt Controller (APIC)". As a Region it answers for its 4 KiB register page. Wires: pin 0 is LINT0,
/// where the 8259's INTR arrives, and pin 1 LINT1; levels mean "asserted", so the polarity bits are kept but
/// without effect.
///
/// IA32_APIC_BASE can move the register page; the page this Region is mapped to then answers nothing. SMIs
/// are dropped, as there is no SMM.
class LocalApic final : public Device, public memory::Region, public WireSink, public InterruptTarget {
  public:
    static constexpr u64 region_size = 0x1000;
    static constexpr unsigned lint0 = 0, lint1 = 1;

    struct Identity {
        u32 id;         ///< Below 255 when the guest is to use it in xAPIC mode.
        bool bootstrap; ///< The processor that boots.
        unsigned physical_address_bits;
    };

    /// The caller attaches it to `bus`. References must outlive it.
    LocalApic(const Identity& identity, TimerQueue& timers, InterruptBus& bus, CpuPins& pins,
              ExternalInterrupt& external);

    std::string_view name() const override { return name_; }
    void reset() override;
    void visit(state::Archive& archive) override;

    /// What firmware leaves behind on the bootstrap processor, for guests started without one:
    /// software-enabled, LINT0 passes the 8259 through, LINT1 is NMI (MP Specification 1.4, "Virtual Wire
    /// Mode").
    void enter_virtual_wire_mode();

    /// The register page; accesses other than aligned 32-bit ones are undefined in the manual: reads give the
    /// bytes of the register, and narrower or unaligned writes vanish.
    [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
    [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

    /// The vCPU's own bus; see x86::InterruptController for what each must do.
    /// @{
    bool interrupt_pending() const { return interrupt_output_; }
    u8 acknowledge();
    u8 task_priority() const { return state_.task_priority >> 4; }
    void set_task_priority(u8 cr8);
    std::optional<u64> read_msr(u32 number) const;
    bool write_msr(u32 number, u64 value, u64 tsc_offset);
    bool enabled() const { return state_.base & local_apic::base_enable; }
    u32 id() const { return identity_.id; }
    /// The guest has set its TSC, and `tsc_offset` is the new distance from the machine's nanoseconds.
    void tsc_offset_changed(u64 tsc_offset) { timer_.tsc_offset_changed(tsc_offset); }
    /// @}

    void pin_changed(unsigned pin, bool level) override;

    bool is_addressed_by(const InterruptMessage& message) const override;
    std::optional<u8> arbitration_priority() const override;
    bool deliver(const InterruptMessage& message) override;

  private:
    struct State {
        u64 base = 0; ///< IA32_APIC_BASE.
        u8 task_priority = 0;
        u32 logical_destination = 0; ///< Of xAPIC mode; x2APIC derives it from the ID.
        u32 destination_format = 0xffff'ffff;
        u32 spurious_vector = 0xff;
        VectorSet in_service;
        VectorSet trigger_mode; ///< Those of `request` and `in_service` that are level-triggered.
        VectorSet request;
        u32 error_status = 0;
        u32 pending_errors = 0; ///< Found since the last write of the error status register.
        u64 interrupt_command = 0;
        std::array<u32, local_apic::lvt_entries> lvt{};
        bool external_request = false; ///< An ExtINT message waits for its acknowledge cycle.
        std::array<bool, 2> pins{};
    };

    void reset_registers();
    void update();
    bool compute_pending() const;

    bool x2apic() const { return enabled() && state_.base & local_apic::base_x2apic; }
    bool answers_at_page() const;
    bool software_enabled() const { return state_.spurious_vector & local_apic::spurious_enable; }
    u8 processor_priority() const;
    u8 arbitration_priority_register() const;
    u32 logical_id() const;

    u32 read_register(unsigned index) const;
    void write_register(unsigned index, u32 value);
    void write_spurious_vector(u32 value);
    void write_error_status();
    void write_lvt(unsigned entry, u32 value);
    bool write_base(u64 value);
    bool write_x2apic_msr(unsigned index, u64 value);

    bool accept(u8 vector, Trigger trigger);
    void end_of_interrupt();
    void record_error(u32 error);
    void raise_local(unsigned entry);
    bool lint0_is_level_triggered() const;
    bool external_pending() const;
    void lint_asserted(unsigned pin);
    void take_init();

    void send_command();
    void send_self_ipi(u8 vector);

    Identity identity_;
    std::string name_;
    InterruptBus& bus_;
    CpuPins& pins_;
    ExternalInterrupt& external_;
    LocalApicTimer timer_;
    State state_;
    bool interrupt_output_ = false; ///< compute_pending(), as last told to the vCPU.
};

} // namespace ringer::device
