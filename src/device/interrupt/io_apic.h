#pragma once

#include "device/device.h"
#include "device/interrupt/interrupt_message.h"
#include "device/wire.h"
#include "memory/region.h"

#include <array>

namespace ringer::device {

/// The 24-pin I/O APIC (Intel 82093AA datasheet, with the EOI register of version 0x20 as in Intel's ICH). As
/// a Region it answers for its 4 KiB page. Levels on its pins mean "asserted": the polarity bits are kept but
/// without effect.
class IoApic final : public Device, public memory::Region, public WireSink, public EndOfInterruptListener {
  public:
    static constexpr unsigned pin_count = 24;
    static constexpr u64 region_size = 0x1000;
    static constexpr u32 version = 0x20 | (pin_count - 1) << 16;

    /// The caller attaches it to `bus`, which must outlive it. `id` is the power-on value of its ID register.
    explicit IoApic(InterruptBus& bus, u8 id = 0);

    std::string_view name() const override { return "io-apic"; }
    void reset() override;
    void visit(state::Archive& archive) override;

    /// The registers are 32 bits wide: narrower writes count only at the two registers that have but 8.
    [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
    [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;

    void pin_changed(unsigned pin, bool level) override;

    void end_of_interrupt(u8 vector) override;

  private:
    struct State {
        u8 id = 0;
        u8 selected = 0; ///< IOREGSEL.
        u32 pins = 0;    ///< The levels of the pins, one bit each.
        std::array<u64, pin_count> entries{};
    };

    u32 read_selected() const;
    void write_selected(u32 value);
    void write_entry(unsigned pin, u64 value);
    void serve_level(unsigned pin);
    bool send(u64 entry);

    InterruptBus& bus_;
    u8 power_on_id_;
    State state_;
};

} // namespace ringer::device
