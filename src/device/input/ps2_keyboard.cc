#include "device/input/ps2_keyboard.h"

#include "device/input/scan_codes.h"

namespace ringer::device {

namespace {

enum Command : u8 {
    set_indicators = 0xed,
    echo = 0xee,
    select_scan_codes = 0xf0,
    identify = 0xf2,
    set_typematic = 0xf3,
    enable = 0xf4,
    disable = 0xf5,
    use_defaults = 0xf6,
    first_key_type = 0xf7, ///< To 0xfa, of set 3: which keys repeat and tell of their release.
    last_key_type = 0xfa,
    resend_last = 0xfe,
    reset_and_test = 0xff,
};

constexpr u8 identity[] = {0xab, 0x83};
constexpr u16 pause_key = 0xe11d;

} // namespace

void Ps2Keyboard::visit(state::Archive& archive) {
    auto& [queue, pending_command, last_sent, scan_code_set, indicators, disabled] = state_;
    archive.field(1, "queue", queue)
        .field(2, "pending_command", pending_command)
        .field(3, "last_sent", last_sent)
        .field(4, "scan_code_set", scan_code_set)
        .field(5, "indicators", indicators)
        .field(6, "disabled", disabled);
}

u8 Ps2Keyboard::next_byte() { return state_.last_sent = state_.queue.pop(); }

void Ps2Keyboard::receive(u8 byte) {
    const u8 command = state_.pending_command;
    state_.pending_command = ps2::no_command;
    // A byte that could be a command is one, even where a parameter was expected.
    if (command == ps2::no_command || byte >= set_indicators)
        run_command(byte);
    else
        take_parameter(command, byte);
}

void Ps2Keyboard::run_command(u8 command) {
    Ps2Queue& queue = state_.queue;
    if (command == resend_last) return queue.push(state_.last_sent);
    queue.clear();
    if (command == echo) return queue.push(echo);
    const bool is_known = command == set_indicators || command == select_scan_codes ||
                          (command >= identify && command <= last_key_type) || command == reset_and_test;
    if (!is_known) return queue.push(ps2::resend);
    queue.push(ps2::acknowledge);
    switch (command) {
    case set_indicators:
    case select_scan_codes:
    case set_typematic: state_.pending_command = command; return;
    case identify: return queue.push({identity[0], identity[1]});
    case enable: state_.disabled = false; return;
    case disable:
        set_defaults();
        state_.disabled = true;
        return;
    case use_defaults: return set_defaults();
    case reset_and_test:
        set_defaults();
        state_.indicators = 0;
        return queue.push(ps2::self_test_passed);
    default: return;
    }
}

void Ps2Keyboard::take_parameter(u8 command, u8 value) {
    Ps2Queue& queue = state_.queue;
    if (command == select_scan_codes) {
        if (value > 2) return queue.push(ps2::resend);
        queue.push(ps2::acknowledge);
        if (value == 0)
            queue.push(state_.scan_code_set);
        else
            state_.scan_code_set = value;
        return;
    }
    if (command == set_indicators) state_.indicators = value & 7;
    queue.push(ps2::acknowledge);
}

void Ps2Keyboard::set_defaults() {
    state_.scan_code_set = 2;
    state_.disabled = false;
}

void Ps2Keyboard::take(const KeyEvent& event) {
    if (state_.disabled || !has_room()) return;
    if (event.code == pause_key) {
        // It has no code of its own for being released.
        if (!event.pressed) return;
        state_.queue.push(pause_prefix);
        for (const u8 code : {0x1d, 0x45}) send_code(code, true);
        state_.queue.push(pause_prefix);
        for (const u8 code : {0x1d, 0x45}) send_code(code, false);
        return;
    }
    if (event.code >> 8 == extended_prefix) state_.queue.push(extended_prefix);
    send_code(static_cast<u8>(event.code & 0x7f), event.pressed);
}

void Ps2Keyboard::send_code(u8 set_1, bool pressed) {
    if (state_.scan_code_set == 1) return state_.queue.push(pressed ? set_1 : set_1 | 0x80);
    if (!pressed) state_.queue.push(release_prefix);
    state_.queue.push(set_2_of(set_1));
}

} // namespace ringer::device
