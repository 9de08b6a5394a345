#include "device/platform/keyboard_controller.h"

#include "base/bits.h"
#include "device/input/scan_codes.h"
#include "device/schedule.h"

namespace ringer::device {

namespace {

/// Commands written to port 0x64.
enum Command : u8 {
    read_command_byte = 0x20,
    write_command_byte = 0x60,
    test_password = 0xa4,
    disable_auxiliary = 0xa7,
    enable_auxiliary = 0xa8,
    test_auxiliary = 0xa9,
    self_test = 0xaa,
    test_keyboard = 0xab,
    disable_keyboard = 0xad,
    enable_keyboard = 0xae,
    read_input_port = 0xc0,
    read_output_port = 0xd0,
    write_output_port_command = 0xd1,
    write_keyboard_output = 0xd2,
    write_auxiliary_output = 0xd3,
    write_auxiliary_device = 0xd4,
    read_test_inputs = 0xe0,
    pulse_output_port = 0xf0, ///< To 0xff: the low four bits select what is not pulsed.
};

// Status register.
constexpr unsigned status_output_full = 0, status_system_flag = 2, status_command = 3, status_unlocked = 4,
                   status_auxiliary = 5;

// Command byte.
constexpr unsigned keyboard_disabled = 4, auxiliary_disabled = 5;
constexpr u8 system_flag = 1 << 2, translate = 1 << 6;
constexpr u8 both_disabled = 1 << keyboard_disabled | 1 << auxiliary_disabled;
constexpr u8 command_byte_writable = 0x7f;

// Output port.
constexpr u8 no_reset = 1 << 0, a20 = 1 << 1, output_port_writable = 0x0f;
constexpr unsigned output_port_keyboard_full = 4, output_port_auxiliary_full = 5;
constexpr u8 output_port_lines_high = 0xc0; ///< Keyboard clock and data.

constexpr u8 self_test_passed = 0x55, interface_test_passed = 0x00, no_password = 0xf1;
/// Keyboard not inhibited, manufacturing jumper not installed.
constexpr u8 input_port = 0xa0;

} // namespace

KeyboardController::KeyboardController(PowerControl& power, TimerQueue& timers)
    : power_(power), clock_(timers.clock()), byte_timer_(timers, [this] { receive_byte(); }) {
    reset();
}

void KeyboardController::reset() {
    state_ = {};
    keyboard_.reset();
    mouse_.reset();
    state_.command_byte = both_disabled;
    state_.output_port = no_reset | a20;
    update();
}

void KeyboardController::visit(state::Archive& archive) {
    auto& [command_byte, output_port_bits, pending_command, last_write_was_command, output_full,
           output_source, output, reply_waits, reply_byte, key_goes_up, byte_at] = state_;
    archive.field(1, "command_byte", command_byte)
        .field(2, "output_port", output_port_bits)
        .field(3, "pending_command", pending_command)
        .field(4, "last_write_was_command", last_write_was_command)
        .field(5, "output_full", output_full)
        .field(6, "output_source", output_source)
        .field(8, "output", output)
        .field(9, "reply_waits", reply_waits)
        .field(10, "reply", reply_byte)
        .field(11, "key_goes_up", key_goes_up)
        .field(12, "byte_at", byte_at)
        .field(13, "keyboard", keyboard_)
        .field(14, "mouse", mouse_);
    output_source = output_source == Port::auxiliary ? Port::auxiliary : Port::keyboard;
    schedule(byte_timer_, byte_at);
    keyboard_interrupt_.restore(interrupt_level(Port::keyboard));
    auxiliary_interrupt_.restore(interrupt_level(Port::auxiliary));
}

/// Reading an empty buffer gives its old contents.
u8 KeyboardController::read_data(u64) {
    const u8 value = state_.output;
    state_.output_full = false;
    // The wire falls before it rises for what waits, so that an edge is seen.
    update();
    if (state_.reply_waits) {
        state_.reply_waits = false;
        put(state_.reply, Port::keyboard);
        update();
    }
    return value;
}

/// What is in the buffer has to be read first; of several answers that wait the last stays.
void KeyboardController::reply(u8 value) {
    if (!state_.output_full) return put(value, Port::keyboard);
    state_.reply_waits = true;
    state_.reply = value;
}

u8 KeyboardController::read_status(u64) {
    u8 status = 0;
    status = with_bit(status, status_output_full, state_.output_full);
    status = with_bit(status, status_system_flag, state_.command_byte & system_flag);
    status = with_bit(status, status_command, state_.last_write_was_command);
    status = with_bit(status, status_unlocked, true);
    status = with_bit(status, status_auxiliary, waits_from(Port::auxiliary));
    return status;
}

void KeyboardController::write_command(u64, u8 command) {
    state_.last_write_was_command = true;
    state_.pending_command = 0;
    run_command(command);
    update();
}

/// Commands that no controller knows are ignored, as controllers do.
void KeyboardController::run_command(u8 command) {
    u8& command_byte = state_.command_byte;
    switch (command) {
    case read_command_byte: return reply(command_byte);
    case write_command_byte:
    case write_output_port_command:
    case write_keyboard_output:
    case write_auxiliary_output:
    case write_auxiliary_device: state_.pending_command = command; return;
    case test_password: return reply(no_password);
    case disable_auxiliary: command_byte = with_bit(command_byte, auxiliary_disabled, true); return;
    case enable_auxiliary: command_byte = with_bit(command_byte, auxiliary_disabled, false); return;
    case disable_keyboard: command_byte = with_bit(command_byte, keyboard_disabled, true); return;
    case enable_keyboard: command_byte = with_bit(command_byte, keyboard_disabled, false); return;
    case test_auxiliary:
    case test_keyboard: return reply(interface_test_passed);
    case self_test: command_byte = both_disabled | system_flag | translate; return reply(self_test_passed);
    case read_input_port: return reply(input_port);
    case read_output_port: return reply(output_port());
    case read_test_inputs: return reply(test_inputs());
    default:
        if (command >= pulse_output_port && !(command & no_reset)) power_.reset();
    }
}

void KeyboardController::write_data(u64, u8 value) {
    state_.last_write_was_command = false;
    const u8 command = state_.pending_command;
    state_.pending_command = 0;
    if (command == 0)
        send(Port::keyboard, value);
    else
        take_parameter(command, value);
    update();
}

void KeyboardController::take_parameter(u8 command, u8 value) {
    switch (command) {
    case write_command_byte: state_.command_byte = value & command_byte_writable; return;
    case write_output_port_command: return write_output_port(value);
    case write_keyboard_output: return put(value, Port::keyboard);
    case write_auxiliary_output: return put(value, Port::auxiliary);
    case write_auxiliary_device: return send(Port::auxiliary, value);
    default: return;
    }
}

/// Sending enables the port.
void KeyboardController::send(Port port, u8 value) {
    const unsigned disabled = port == Port::keyboard ? keyboard_disabled : auxiliary_disabled;
    state_.command_byte = with_bit(state_.command_byte, disabled, false);
    if (port == Port::keyboard) {
        state_.key_goes_up = false;
        keyboard_.receive(value);
    } else {
        mouse_.receive(value);
    }
}

void KeyboardController::take(const InputEvent& event) {
    if (const auto* const key = std::get_if<KeyEvent>(&event))
        keyboard_.take(*key);
    else
        mouse_.take(std::get<PointerEvent>(event));
    update();
}

bool KeyboardController::can_send(Port port) const {
    if (port == Port::keyboard) return keyboard_.has_byte() && !bit(state_.command_byte, keyboard_disabled);
    return mouse_.has_byte() && !bit(state_.command_byte, auxiliary_disabled);
}

/// Lets a device begin to send once the buffer is free, and lets none that has begun go on when it no longer
/// may.
void KeyboardController::expect_byte() {
    const bool expected = !state_.output_full && (can_send(Port::keyboard) || can_send(Port::auxiliary));
    if (!expected)
        state_.byte_at.reset();
    else if (!state_.byte_at)
        state_.byte_at = clock_.now() + byte_time;
    schedule(byte_timer_, state_.byte_at);
}

void KeyboardController::receive_byte() {
    state_.byte_at.reset();
    if (!state_.output_full) {
        if (can_send(Port::keyboard))
            receive_from_keyboard(keyboard_.next_byte());
        else if (can_send(Port::auxiliary))
            put(mouse_.next_byte(), Port::auxiliary);
    }
    update();
}

/// A key that goes up has a prefix in scan code set 2, and a bit of its code in set 1.
void KeyboardController::receive_from_keyboard(u8 byte) {
    if (!(state_.command_byte & translate)) return put(byte, Port::keyboard);
    if (byte == release_prefix) {
        state_.key_goes_up = true;
        return;
    }
    const u8 goes_up = state_.key_goes_up ? 0x80 : 0;
    state_.key_goes_up = false;
    put(set_1_of(byte) | goes_up, Port::keyboard);
}

void KeyboardController::put(u8 value, Port source) {
    state_.output = value;
    state_.output_full = true;
    state_.output_source = source;
}

void KeyboardController::write_output_port(u8 value) {
    state_.output_port = value & output_port_writable;
    if (!(value & no_reset)) power_.reset();
}

u8 KeyboardController::output_port() const {
    u8 port = state_.output_port | output_port_lines_high;
    port = with_bit(port, output_port_keyboard_full, waits_from(Port::keyboard));
    return with_bit(port, output_port_auxiliary_full, waits_from(Port::auxiliary));
}

/// The clock lines of the keyboard (bit 0) and the auxiliary device (bit 1): pulled up, and held low while
/// disabled.
u8 KeyboardController::test_inputs() const {
    u8 inputs = 0;
    inputs = with_bit(inputs, 0, !bit(state_.command_byte, keyboard_disabled));
    return with_bit(inputs, 1, !bit(state_.command_byte, auxiliary_disabled));
}

bool KeyboardController::interrupt_level(Port port) const {
    return waits_from(port) && bit(state_.command_byte, static_cast<unsigned>(port));
}

void KeyboardController::update() {
    expect_byte();
    keyboard_interrupt_.set(interrupt_level(Port::keyboard));
    auxiliary_interrupt_.set(interrupt_level(Port::auxiliary));
}

} // namespace ringer::device
