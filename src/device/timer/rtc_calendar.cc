#include "device/timer/rtc_calendar.h"

#include <algorithm>
#include <chrono>

namespace ringer::device {
namespace {

constexpr u8 afternoon = 0x80;
constexpr u8 alarm_dont_care = 0xc0;

u8 encode(u64 number, RtcFormat format) {
    return static_cast<u8>(format.binary ? number : number / 10 % 10 * 16 + number % 10);
}

u64 decode(u8 byte, RtcFormat format) { return format.binary ? byte : (byte >> 4) * 10u + (byte & 0xfu); }

u8 encode_hour(u64 hour, RtcFormat format) {
    if (format.hours24) return encode(hour, format);
    const u64 on_clock = hour % 12 ? hour % 12 : 12;
    return encode(on_clock, format) | (hour >= 12 ? afternoon : 0);
}

u64 decode_hour(u8 byte, RtcFormat format) {
    if (format.hours24) return std::min<u64>(decode(byte, format), 23);
    const u64 on_clock = decode(byte & static_cast<u8>(~afternoon), format) % 12;
    return on_clock + (byte & afternoon ? 12 : 0);
}

std::chrono::year_month_day decode_date(const RtcBytes& bytes, RtcFormat format) {
    using namespace std::chrono;
    const u64 number =
        decode(bytes[rtc_index::century], format) * 100 + decode(bytes[rtc_index::year], format);
    const auto in_year = year(static_cast<int>(std::min<u64>(number, 9999)));
    const auto in_month =
        month(static_cast<unsigned>(std::clamp<u64>(decode(bytes[rtc_index::month], format), 1, 12)));
    const unsigned last = static_cast<unsigned>((in_year / in_month / std::chrono::last).day());
    const auto in_day =
        static_cast<unsigned>(std::clamp<u64>(decode(bytes[rtc_index::day], format), 1, last));
    return in_year / in_month / day(in_day);
}

void encode_date(RtcBytes& bytes, RtcFormat format, std::chrono::sys_days days) {
    const std::chrono::year_month_day date(days);
    const auto year = static_cast<u64>(static_cast<int>(date.year())) % 10'000;
    bytes[rtc_index::century] = encode(year / 100, format);
    bytes[rtc_index::year] = encode(year % 100, format);
    bytes[rtc_index::month] = encode(static_cast<unsigned>(date.month()), format);
    bytes[rtc_index::day] = encode(static_cast<unsigned>(date.day()), format);
}

void encode_time_of_day(RtcBytes& bytes, RtcFormat format, u64 seconds) {
    bytes[rtc_index::seconds] = encode(seconds % 60, format);
    bytes[rtc_index::minutes] = encode(seconds / 60 % 60, format);
    bytes[rtc_index::hours] = encode_hour(seconds / 3600, format);
}

/// `count` days within the 10000 years after which the calendar starts over; 400 Gregorian years are 146097
/// days.
std::chrono::days whole_days(u64 count) {
    constexpr u64 days_of_10000_years = 25 * u64{146'097};
    return std::chrono::days(static_cast<int>(count % days_of_10000_years));
}

bool matches(u8 alarm, u8 now) { return alarm >= alarm_dont_care || alarm == now; }

} // namespace

void set_rtc_time(RtcBytes& bytes, RtcFormat format, u64 unix_seconds) {
    const std::chrono::sys_days days(whole_days(unix_seconds / seconds_per_day));
    encode_time_of_day(bytes, format, unix_seconds % seconds_per_day);
    encode_date(bytes, format, days);
    // Sunday is 1.
    bytes[rtc_index::weekday] = encode(std::chrono::weekday(days).c_encoding() + 1, format);
}

u64 rtc_time_of_day(const RtcBytes& bytes, RtcFormat format) {
    const u64 seconds = std::min<u64>(decode(bytes[rtc_index::seconds], format), 59);
    const u64 minutes = std::min<u64>(decode(bytes[rtc_index::minutes], format), 59);
    return decode_hour(bytes[rtc_index::hours], format) * 3600 + minutes * 60 + seconds;
}

void advance_rtc_time(RtcBytes& bytes, RtcFormat format, u64 seconds) {
    if (seconds == 0) return;
    const u64 total = rtc_time_of_day(bytes, format) + seconds;
    encode_time_of_day(bytes, format, total % seconds_per_day);
    const u64 days = total / seconds_per_day;
    if (days == 0) return;
    encode_date(bytes, format, std::chrono::sys_days(decode_date(bytes, format)) + whole_days(days));
    const u64 weekday = std::clamp<u64>(decode(bytes[rtc_index::weekday], format), 1, 7);
    bytes[rtc_index::weekday] = encode((weekday - 1 + days) % 7 + 1, format);
}

std::optional<u64> seconds_to_rtc_alarm(const RtcBytes& bytes, RtcFormat format, u64 time_of_day) {
    u64 candidate = time_of_day + 1;
    while (candidate <= time_of_day + seconds_per_day) {
        if (!matches(bytes[rtc_index::hours_alarm], encode_hour(candidate / 3600 % 24, format)))
            candidate = (candidate / 3600 + 1) * 3600;
        else if (!matches(bytes[rtc_index::minutes_alarm], encode(candidate / 60 % 60, format)))
            candidate = (candidate / 60 + 1) * 60;
        else if (!matches(bytes[rtc_index::seconds_alarm], encode(candidate % 60, format)))
            candidate += 1;
        else
            return candidate - time_of_day;
    }
    return std::nullopt;
}

} // namespace ringer::device
