#pragma once

#include "base/types.h"

#include <variant>

namespace ringer::device {

/// A key goes down or up. Keys are named by their codes in scan code set 1: one byte, or 0xE0xx for those
/// with a prefix; 0xE11D is Pause.
struct KeyEvent {
    u16 code;
    bool pressed;

    bool operator==(const KeyEvent&) const = default;
};

/// The pointer moves, to the right and down, or turns its wheel, toward the user; and which buttons are held
/// from now on.
struct PointerEvent {
    enum Button : u8 { left = 1 << 0, right = 1 << 1, middle = 1 << 2 };
    int dx = 0, dy = 0, dz = 0;
    u8 buttons = 0;

    bool operator==(const PointerEvent&) const = default;
};

using InputEvent = std::variant<KeyEvent, PointerEvent>;

/// Who takes what a person does at the machine.
class InputSink {
  public:
    virtual ~InputSink() = default;
    /// Whether the next event is taken without loss. A sender keeps it otherwise.
    virtual bool has_room() const = 0;
    virtual void take(const InputEvent& event) = 0;
};

} // namespace ringer::device
