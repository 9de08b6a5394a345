#pragma once

#include "device/input/input_event.h"
#include "device/input/ps2_device.h"
#include "state/archive.h"

namespace ringer::device {

/// A PS/2 keyboard (IBM PS/2 Technical Reference, "Keyboard") with scan code sets 1 and 2. Keys do not repeat
/// by themselves: who holds one down sends it again. It keeps the indicators' state for nobody to see.
class Ps2Keyboard final : public Ps2Device {
  public:
    void reset() { state_ = {}; }
    void visit(state::Archive& archive);

    void receive(u8 byte) override;
    bool has_byte() const override { return !state_.queue.is_empty(); }
    u8 next_byte() override;

    /// Whether a key's codes fit, however long they are.
    bool has_room() const { return state_.queue.room() >= longest_key; }
    /// A key that comes while the keyboard is disabled is lost.
    void take(const KeyEvent& event);

    /// Caps, Num and Scroll Lock: bits 2, 1 and 0.
    u8 indicators() const { return state_.indicators; }

  private:
    static constexpr std::size_t longest_key = 8;

    struct State {
        Ps2Queue queue;
        u8 pending_command = 0; ///< Whose parameter comes next.
        u8 last_sent = 0;
        u8 scan_code_set = 2;
        u8 indicators = 0;
        bool disabled = false;
    };

    void run_command(u8 command);
    void take_parameter(u8 command, u8 value);
    void set_defaults();
    void send_code(u8 set_1, bool pressed);

    State state_;
};

inline void visit(state::Archive& archive, Ps2Keyboard& keyboard) { keyboard.visit(archive); }

} // namespace ringer::device
