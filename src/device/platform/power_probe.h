#pragma once

#include "device/platform/power_control.h"

#include <vector>

namespace ringer::device::fixture {

/// Notes what devices ask of the machine.
class PowerProbe final : public PowerControl {
  public:
    void power_off() override { ++power_offs; }
    void reset() override { ++resets; }
    void debug_exit(u8 code) override { exit_codes.push_back(code); }
    void panic() override { ++panics; }
    void crash_loaded() override { ++crashes; }

    unsigned power_offs = 0;
    unsigned resets = 0;
    unsigned panics = 0;
    unsigned crashes = 0;
    std::vector<u8> exit_codes;
};

} // namespace ringer::device::fixture
