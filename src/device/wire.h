#pragma once

#include "base/types.h"

namespace ringer::device {

/// The input end of interrupt wires: an interrupt controller, or the vCPU's interrupt pins.
class WireSink {
  public:
    virtual ~WireSink() = default;
    /// The wire attached to `pin` now carries `level`. Called on every change and only then.
    virtual void pin_changed(unsigned pin, bool level) = 0;
};

/// A wire that holds a level, from one device's output to one pin of a sink.
///
/// The level is part of the driving device's state: after a load the device sets its wire again from its own
/// state by `restore`, and the sink's own saved state already knows it, so nobody is poked while loading.
class Wire {
  public:
    Wire() = default;
    Wire(WireSink& sink, unsigned pin) : sink_(&sink), pin_(pin) {}

    void connect(WireSink& sink, unsigned pin) {
        sink_ = &sink;
        pin_ = pin;
    }

    bool level() const { return level_; }

    void set(bool level) {
        if (level == level_) return;
        level_ = level;
        if (sink_) sink_->pin_changed(pin_, level);
    }

    /// Sets the level without telling the sink.
    void restore(bool level) { level_ = level; }

  private:
    WireSink* sink_ = nullptr;
    unsigned pin_ = 0;
    bool level_ = false;
};

} // namespace ringer::device
