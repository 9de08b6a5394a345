#pragma once

#include "base/types.h"

#include <array>
#include <atomic>
#include <string_view>

namespace ringer::engine {

/// What an engine is doing, for statistics that look at it now and then.
enum class Activity : u8 {
    elsewhere,        ///< It does not run: the machine does, or the guest sleeps.
    interpreting,     ///< With all that instructions do in it.
    running_code,     ///< Translated code.
    called_from_code, ///< Mostly to find what is in no table yet.
    translating,
};
inline constexpr std::array<std::string_view, 5> activity_names{"elsewhere", "interpreting", "running_code",
                                                                "called_from_code", "translating"};

/// Which any thread may ask for.
using CurrentActivity = std::atomic<Activity>;

/// Does something else as long as it lives.
class Doing {
  public:
    Doing(CurrentActivity& current, Activity activity)
        : current_(current), before_(current.load(std::memory_order_relaxed)) {
        current.store(activity, std::memory_order_relaxed);
    }
    Doing(const Doing&) = delete;
    Doing& operator=(const Doing&) = delete;
    ~Doing() { current_.store(before_, std::memory_order_relaxed); }

  private:
    CurrentActivity& current_;
    const Activity before_;
};

} // namespace ringer::engine
