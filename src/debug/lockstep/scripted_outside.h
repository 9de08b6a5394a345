#pragma once

#include "base/types.h"
#include "engine/vcpu.h"
#include "state/archive.h"
#include "world/door.h"

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace ringer::debug {

/// The outside of a machine in lockstep. Input comes in at one named instruction, where the other machine
/// gets it too; what is sent can be compared.
class ScriptedOutside final : public world::Outside {
  public:
    /// The machine's vCPU, which counts the instructions. To be called before the machine runs.
    void attach(const engine::Vcpu& vcpu) { vcpu_ = &vcpu; }

    /// The machine stands at the beginning of a step: it may receive `input` on the given line, or what is
    /// left from before if nothing is given, until it retires another instruction. Ends waiting().
    void begin_step(unsigned line, std::span<const u8> input);

    /// The machine waits for input, and nothing else will wake it. Its run ends then.
    bool waiting() const { return waiting_; }

    /// How many bytes of input were not received yet.
    std::size_t input_left() const { return input_.size(); }

    /// Sees what is sent, and on which line.
    std::function<void(unsigned, std::span<const u8>)> on_send;
    /// Asked whether the run is to end.
    std::function<bool()> stop;

    /// Visits what has been sent, as a digest, and what was not received yet.
    void visit(state::Archive& archive);

    /// The virtual clock asks for neither.
    Nanoseconds monotonic() override { return 0; }
    u64 time_of_day() override { return 0; }
    std::size_t receive(unsigned line, std::span<u8> buffer) override;
    void send(unsigned line, std::span<const u8> contents) override;
    void wait(std::optional<Nanoseconds>) override { waiting_ = true; }
    void wake() override {}
    Request request() override;

  private:
    struct Sent {
        u64 bytes = 0;
        u64 digest = 0; ///< Of the bytes, in whatever pieces they were sent.
    };
    friend void visit(state::Archive& archive, Sent& sent);

    const engine::Vcpu* vcpu_ = nullptr;
    u64 step_began_at_ = 0;
    std::vector<u8> input_;
    unsigned input_line_ = world::first_serial_line;
    bool waiting_ = false;
    std::array<Sent, world::lines> sent_;
};

} // namespace ringer::debug
