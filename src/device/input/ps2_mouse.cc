#include "device/input/ps2_mouse.h"

#include "base/bits.h"

#include <algorithm>
#include <cstdlib>

namespace ringer::device {

namespace {

enum Command : u8 {
    scale_1_to_1 = 0xe6,
    scale_2_to_1 = 0xe7,
    set_resolution = 0xe8,
    tell_status = 0xe9,
    use_stream_mode = 0xea,
    read_data = 0xeb,
    leave_wrap_mode = 0xec,
    use_wrap_mode = 0xee,
    use_remote_mode = 0xf0,
    identify = 0xf2,
    set_sample_rate = 0xf3,
    enable = 0xf4,
    disable = 0xf5,
    use_defaults = 0xf6,
    resend_last = 0xfe,
    reset_and_test = 0xff,
};

constexpr u8 plain_identity = 0, wheel_identity = 3;
/// The rates that, set one after the other, ask whether there is a wheel.
constexpr std::array<u8, 3> wheel_question{200, 100, 80};

/// The most that is added up; a packet takes off what it tells.
constexpr i32 most_moved = 10'000;
constexpr i32 most_in_packet = 255, most_wheel_in_packet = 7;

/// What scaling 2:1 makes of a movement.
i32 doubled(i32 moved) {
    constexpr std::array<i32, 6> small{0, 1, 1, 3, 6, 9};
    const i32 size = std::abs(moved);
    const i32 scaled = size < 6 ? small[static_cast<std::size_t>(size)] : 2 * size;
    return moved < 0 ? -scaled : scaled;
}

/// Takes at most `most` off `moved`.
i32 take_off(i32& moved, i32 most) {
    const i32 taken = std::clamp(moved, -most, most);
    moved -= taken;
    return taken;
}

} // namespace

void Ps2Mouse::visit(state::Archive& archive) {
    auto& [queue, pending_command, last_sent, resolution, sample_rate, earlier_rates, reports, remote, wraps,
           doubles, has_wheel, dx, dy, dz, buttons, buttons_told] = state_;
    archive.field(1, "queue", queue)
        .field(2, "pending_command", pending_command)
        .field(3, "last_sent", last_sent)
        .field(4, "resolution", resolution)
        .field(5, "sample_rate", sample_rate)
        .field(6, "earlier_rates", earlier_rates)
        .field(7, "reports", reports)
        .field(8, "remote", remote)
        .field(9, "wraps", wraps)
        .field(10, "doubles", doubles)
        .field(11, "has_wheel", has_wheel)
        .field(12, "dx", dx)
        .field(13, "dy", dy)
        .field(14, "dz", dz)
        .field(15, "buttons", buttons)
        .field(16, "buttons_told", buttons_told);
    for (i32* const moved : {&dx, &dy, &dz}) *moved = std::clamp(*moved, -most_moved, most_moved);
}

u8 Ps2Mouse::next_byte() {
    state_.last_sent = state_.queue.pop();
    report_if_due();
    return state_.last_sent;
}

void Ps2Mouse::receive(u8 byte) {
    const u8 command = state_.pending_command;
    state_.pending_command = ps2::no_command;
    if (state_.wraps && byte != leave_wrap_mode && byte != reset_and_test) return state_.queue.push(byte);
    if (command == ps2::no_command)
        run_command(byte);
    else
        take_parameter(command, byte);
}

void Ps2Mouse::run_command(u8 command) {
    State& s = state_;
    if (command == resend_last) return s.queue.push(s.last_sent);
    s.queue.clear();
    s.queue.push(ps2::acknowledge);
    switch (command) {
    case scale_1_to_1: s.doubles = false; return;
    case scale_2_to_1: s.doubles = true; return;
    case set_resolution:
    case set_sample_rate: s.pending_command = command; return;
    case tell_status: return send_status();
    case use_stream_mode: s.remote = false; return;
    case read_data: return send_packet(false);
    case leave_wrap_mode: s.wraps = false; return;
    case use_wrap_mode: s.wraps = true; return;
    case use_remote_mode: s.remote = true; return;
    case identify: return s.queue.push(s.has_wheel ? wheel_identity : plain_identity);
    case enable: s.reports = true; return;
    case disable: s.reports = false; return;
    case use_defaults: return set_defaults();
    case reset_and_test:
        set_defaults();
        s.wraps = s.has_wheel = false;
        s.earlier_rates = {};
        return s.queue.push({ps2::self_test_passed, plain_identity});
    default: s.queue.clear(); s.queue.push(ps2::resend);
    }
}

void Ps2Mouse::take_parameter(u8 command, u8 value) {
    State& s = state_;
    s.queue.push(ps2::acknowledge);
    if (command == set_resolution) {
        s.resolution = value & 3;
        return;
    }
    s.sample_rate = value;
    if (std::array{s.earlier_rates[0], s.earlier_rates[1], value} == wheel_question) s.has_wheel = true;
    s.earlier_rates = {s.earlier_rates[1], value};
}

void Ps2Mouse::set_defaults() {
    State& s = state_;
    s.resolution = 2;
    s.sample_rate = 100;
    s.reports = s.remote = s.doubles = false;
    s.dx = s.dy = s.dz = 0;
}

void Ps2Mouse::send_status() {
    const State& s = state_;
    u8 status = bit(s.buttons, 1) | bit(s.buttons, 2) << 1 | bit(s.buttons, 0) << 2;
    status = with_bit(status, 4, s.doubles);
    status = with_bit(status, 5, s.reports);
    status = with_bit(status, 6, s.remote);
    state_.queue.push({status, s.resolution, s.sample_rate});
}

void Ps2Mouse::take(const PointerEvent& event) {
    State& s = state_;
    const auto add = [](i32& moved, int more) {
        moved = static_cast<i32>(std::clamp<i64>(i64{moved} + more, -most_moved, most_moved));
    };
    // A mouse that does not report is not moved: it would jump later.
    if (s.reports || s.remote) {
        add(s.dx, event.dx);
        add(s.dy, event.dy);
        if (s.has_wheel) add(s.dz, event.dz);
    }
    const u8 buttons = event.buttons & 7;
    if (buttons != s.buttons) s.buttons_told = false;
    s.buttons = buttons;
    report_if_due();
}

bool Ps2Mouse::has_news() const {
    const State& s = state_;
    return s.dx != 0 || s.dy != 0 || s.dz != 0 || !s.buttons_told;
}

/// The next packet waits until the one before has been sent.
void Ps2Mouse::report_if_due() {
    const State& s = state_;
    if (s.reports && !s.remote && !s.wraps && s.queue.is_empty() && has_news()) send_packet(s.doubles);
}

/// Nine bits for each movement, of which the highest are in the first byte; up is positive.
void Ps2Mouse::send_packet(bool scaled) {
    State& s = state_;
    const i32 most = scaled ? most_in_packet / 2 : most_in_packet;
    i32 right = take_off(s.dx, most), up = -take_off(s.dy, most);
    if (scaled) {
        right = doubled(right);
        up = doubled(up);
    }
    u8 first = s.buttons | 1 << 3;
    first = with_bit(first, 4, right < 0);
    first = with_bit(first, 5, up < 0);
    s.queue.push({first, static_cast<u8>(right), static_cast<u8>(up)});
    const i32 turned = take_off(s.dz, most_wheel_in_packet);
    if (s.has_wheel) s.queue.push(static_cast<u8>(turned));
    s.buttons_told = true;
}

} // namespace ringer::device
