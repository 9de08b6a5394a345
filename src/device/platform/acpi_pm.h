#pragma once

#include "device/byte_region.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/platform/power_control.h"
#include "device/wire.h"

namespace ringer::device {

/// ACPI's fixed hardware (ACPI Specification 6.5, 4.8), as the power management function of Intel's PIIX4 has
/// it: PM1a event and control registers, PM timer, one general-purpose event block, and the SMI command port,
/// where the guest takes the hardware over. There being no SMM, the command port itself does what firmware's
/// SMI handler would.
class AcpiPm final : public Device, public memory::Region {
  public:
    /// SLP_TYP of S5, for the DSDT's \_S5. Other sleep states do not exist: the guest is not told of any, and
    /// asking for one has no effect.
    static constexpr u8 soft_off_sleep_type = 0;
    /// What written to the SMI command port sets and clears SCI_EN, for the FADT.
    static constexpr u8 enable_command = 0xf1, disable_command = 0xf0;

    static constexpr u64 pm_timer_hertz = 3'579'545;

    /// Offsets within pm_registers(), for the FADT.
    static constexpr u64 event_offset = 0, control_offset = 4, timer_offset = 8;
    static constexpr u64 pm_size = 12, gpe0_size = 4, smi_command_size = 2;

    /// `timer_bits`: 24, or 32 when the FADT sets TMR_VAL_EXT.
    AcpiPm(TimerQueue& timers, PowerControl& power, unsigned timer_bits);

    std::string_view name() const override { return "acpi-pm"; }
    void reset() override;
    void visit(state::Archive& archive) override;

    /// The regions to map: PM1a_EVT_BLK, PM1a_CNT_BLK and PM_TMR_BLK in one, the GPE0 block, and the ports of
    /// SMI command and its status byte.
    memory::Region& pm_registers() { return *this; }
    memory::Region& gpe0_registers() { return gpe0_registers_; }
    memory::Region& smi_command() { return smi_command_; }

    /// The system control interrupt, level-triggered.
    Wire& sci() { return sci_; }

    void press_power_button();

    /// Sets the status bit of general-purpose event `number`, 0 to 15.
    void raise_event(unsigned number);

  private:
    struct State {
        u16 status = 0; ///< PM1_STS; update() takes note of the timer.
        u16 enable = 0;
        u16 control = 0;
        u16 gpe_status = 0;
        u16 gpe_enable = 0;
        u8 smi_command = 0;
        u8 smi_status = 0;
        u64 carries_seen = 0; ///< How often the timer's top bit had changed when `status` last took note.
    };

    [[nodiscard]] memory::Answer read(u64 offset, unsigned size, u64& value) override;
    [[nodiscard]] memory::Answer write(u64 offset, unsigned size, u64 value) override;
    u8 read_pm(u64 offset, u64 timer_count) const;
    void write_pm(u64 offset, u8 value);
    u8 read_gpe(u64 offset);
    void write_gpe(u64 offset, u8 value);
    u8 read_smi(u64 offset);
    void write_smi(u64 offset, u8 value);

    u64 timer_ticks() const;
    u64 carries() const { return timer_ticks() >> (timer_bits_ - 1); }
    void note_timer();
    void write_control_high(u8 value);
    bool sci_level() const;
    void update();
    void schedule_carry();

    const Clock& clock_;
    PowerControl& power_;
    const unsigned timer_bits_;
    Timer carry_timer_;
    Wire sci_;
    State state_;
    BytePorts<AcpiPm> gpe0_registers_{*this, &AcpiPm::read_gpe, &AcpiPm::write_gpe};
    BytePorts<AcpiPm> smi_command_{*this, &AcpiPm::read_smi, &AcpiPm::write_smi};
};

} // namespace ringer::device
