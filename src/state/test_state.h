#pragma once

#include "state/archive.h"

namespace ringer::state::test {

/// A component's state with every kind of field that an archive takes; for tests.

enum class Mode : u8 { idle, counting = 3 };

struct Channel {
    u16 count = 0;
    bool enabled = false;
    std::array<u8, 3> latch{};
    bool operator==(const Channel&) const = default;
};

struct Component {
    u64 large = 0;
    u8 small = 0;
    i32 negative = 0;
    bool flag = false;
    Mode mode = Mode::idle;
    std::array<Channel, 2> channels{};
    std::array<u32, 3> words{};
    std::vector<u8> fifo;
    std::vector<u16> queue;
    std::vector<Channel> extra;
    std::optional<u64> deadline;
    bool operator==(const Component&) const = default;
};

inline void visit(Archive& archive, Channel& channel) {
    auto& [count, enabled, latch] = channel;
    archive.field(1, "count", count).field(2, "enabled", enabled).field(3, "latch", latch);
}

inline void visit(Archive& archive, Component& component) {
    auto& [large, small, negative, flag, mode, channels, words, fifo, queue, extra, deadline] = component;
    archive.field(1, "large", large)
        .field(2, "small", small)
        .field(3, "negative", negative)
        .field(4, "flag", flag)
        .field(5, "mode", mode)
        .field(6, "channels", channels)
        .field(7, "words", words)
        .field(8, "fifo", fifo)
        .field(9, "queue", queue)
        .field(10, "extra", extra)
        .field(11, "deadline", deadline);
}

inline Component sample() {
    return {
        .large = 0xfedc'ba98'7654'3210,
        .small = 0x42,
        .negative = -7,
        .flag = true,
        .mode = Mode::counting,
        .channels = {Channel{0x1234, true, {1, 2, 3}}, Channel{0xffff, false, {4, 5, 6}}},
        .words = {10, 20, 0xffff'ffff},
        .fifo = {9, 8, 7, 6},
        .queue = {0x100, 0x200},
        .extra = {Channel{7, true, {}}},
        .deadline = 1'000'000,
    };
}

} // namespace ringer::state::test
