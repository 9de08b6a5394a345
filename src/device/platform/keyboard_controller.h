#pragma once

#include "device/byte_region.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/input/ps2_keyboard.h"
#include "device/input/ps2_mouse.h"
#include "device/platform/power_control.h"
#include "device/wire.h"

#include <optional>

namespace ringer::device {

/// The 8042 keyboard controller of a PS/2 (IBM PS/2 Hardware Interface Technical Reference, "Keyboard and
/// Auxiliary Device Controller") with a keyboard and a mouse at its two serial ports. Its own answers are
/// there at once, those of the devices a byte at a time, as the serial lines have them.
///
/// The vCPU has no A20M# pin: the output port's A20 bit is kept for reading back. Pulsing or clearing the
/// reset bit resets the whole machine.
class KeyboardController final : public Device, public InputSink {
  public:
    /// How long a byte of a device is under way.
    static constexpr Nanoseconds byte_time = 100'000;

    /// Both must outlive the controller.
    KeyboardController(PowerControl& power, TimerQueue& timers);

    std::string_view name() const override { return "keyboard-controller"; }
    void reset() override;
    void visit(state::Archive& archive) override;

    /// Ports 0x60 and 0x64, one byte each.
    memory::Region& data_port() { return data_port_; }
    memory::Region& command_port() { return command_port_; }

    /// IRQ 1 and IRQ 12: high while a byte of the respective port waits to be read, if the command byte
    /// allows it.
    Wire& keyboard_interrupt() { return keyboard_interrupt_; }
    Wire& auxiliary_interrupt() { return auxiliary_interrupt_; }

    bool has_room() const override { return keyboard_.has_room(); }
    void take(const InputEvent& event) override;

  private:
    enum class Port : u8 { keyboard = 0, auxiliary = 1 };

    struct State {
        u8 command_byte = 0;
        u8 output_port = 0;     ///< Bits 0 to 3; the others follow from the output buffer.
        u8 pending_command = 0; ///< The command whose parameter byte comes next; 0 is none.
        bool last_write_was_command = false;
        bool output_full = false;
        Port output_source = Port::keyboard;
        u8 output = 0;
        bool reply_waits = false; ///< For the output buffer to be read.
        u8 reply = 0;
        bool key_goes_up = false; ///< The keyboard has sent the prefix that a translated code does not have.
        std::optional<Nanoseconds> byte_at; ///< When the next byte of a device arrives.
    };

    u8 read_data(u64);
    void write_data(u64, u8 value);
    u8 read_status(u64);
    void write_command(u64, u8 command);

    void run_command(u8 command);
    void take_parameter(u8 command, u8 value);
    void send(Port port, u8 value);
    void reply(u8 value);
    void put(u8 value, Port source);
    void receive_byte();
    void receive_from_keyboard(u8 byte);
    bool can_send(Port port) const;
    void expect_byte();
    void write_output_port(u8 value);
    u8 output_port() const;
    u8 test_inputs() const;
    bool waits_from(Port port) const { return state_.output_full && state_.output_source == port; }
    bool interrupt_level(Port port) const;
    void update();

    PowerControl& power_;
    const Clock& clock_;
    Ps2Keyboard keyboard_;
    Ps2Mouse mouse_;
    Timer byte_timer_;
    Wire keyboard_interrupt_;
    Wire auxiliary_interrupt_;
    State state_;
    BytePorts<KeyboardController> data_port_{*this, &KeyboardController::read_data,
                                             &KeyboardController::write_data};
    BytePorts<KeyboardController> command_port_{*this, &KeyboardController::read_status,
                                                &KeyboardController::write_command};
};

} // namespace ringer::device
