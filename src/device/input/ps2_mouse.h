#pragma once

#include "device/input/input_event.h"
#include "device/input/ps2_device.h"
#include "state/archive.h"

#include <array>

namespace ringer::device {

/// A PS/2 mouse with three buttons (IBM PS/2 Technical Reference, "Mouse"), which turns into one with a wheel
/// when it is asked as Microsoft's IntelliMouse is. What it is moved while it cannot tell is added up.
class Ps2Mouse final : public Ps2Device {
  public:
    void reset() { state_ = {}; }
    void visit(state::Archive& archive);

    void receive(u8 byte) override;
    bool has_byte() const override { return !state_.queue.is_empty(); }
    u8 next_byte() override;

    void take(const PointerEvent& event);

  private:
    struct State {
        Ps2Queue queue;
        u8 pending_command = 0; ///< Whose parameter comes next.
        u8 last_sent = 0;
        u8 resolution = 2, sample_rate = 100;
        std::array<u8, 2> earlier_rates{}; ///< The latest last.
        bool reports = false;              ///< In stream mode, once enabled.
        bool remote = false;               ///< Tells only when it is asked.
        bool wraps = false;                ///< Sends back what it is sent.
        bool doubles = false;              ///< Scaling 2:1, which applies to stream mode.
        bool has_wheel = false;
        i32 dx = 0, dy = 0, dz = 0; ///< Not told yet.
        u8 buttons = 0;
        bool buttons_told = true;
    };

    void run_command(u8 command);
    void take_parameter(u8 command, u8 value);
    void set_defaults();
    void send_status();
    void report_if_due();
    void send_packet(bool scaled);
    bool has_news() const;

    State state_;
};

inline void visit(state::Archive& archive, Ps2Mouse& mouse) { mouse.visit(archive); }

} // namespace ringer::device
