#pragma once

#include "base/types.h"

#include <array>
#include <optional>
#include <span>

namespace ringer::device {

/// The bytes of the MC146818's time and alarm, in the representation that register B selects (MC146818A
/// datasheet, "Time, Calendar, and Alarm Data Modes").
namespace rtc_index {
inline constexpr u8 seconds = 0x00, seconds_alarm = 0x01, minutes = 0x02, minutes_alarm = 0x03, hours = 0x04,
                    hours_alarm = 0x05, weekday = 0x06, day = 0x07, month = 0x08, year = 0x09, century = 0x32;
} // namespace rtc_index

/// How the bytes represent numbers: bits DM and 24/12 of register B.
struct RtcFormat {
    bool binary; ///< Otherwise BCD.
    bool hours24;
};

/// A memory of the RTC, whose bytes at rtc_index hold time and alarm.
using RtcBytes = std::array<u8, 128>;

inline constexpr u64 seconds_per_day = 86'400;

/// Sets the time bytes to `unix_seconds` since 1970-01-01 00:00 UTC; years beyond 9999 start over.
void set_rtc_time(RtcBytes& bytes, RtcFormat format, u64 unix_seconds);

/// Moves the time bytes on by `seconds`. With 0 they stay as they are, whatever they hold; otherwise bytes
/// that are no valid part of a date are taken as the nearest that is. The weekday counts on from what it was.
void advance_rtc_time(RtcBytes& bytes, RtcFormat format, u64 seconds);

/// Seconds since midnight that the time bytes show.
u64 rtc_time_of_day(const RtcBytes& bytes, RtcFormat format);

/// How many seconds after `time_of_day` the alarm bytes match next, from 1 to seconds_per_day; nothing when
/// they never do. An alarm byte with its two upper bits set matches everything.
std::optional<u64> seconds_to_rtc_alarm(const RtcBytes& bytes, RtcFormat format, u64 time_of_day);

} // namespace ringer::device
