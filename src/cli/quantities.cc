#include "cli/quantities.h"

#include <cctype>
#include <charconv>
#include <limits>
#include <optional>
#include <span>
#include <string>

namespace ringer::cli {

namespace {

struct Unit {
    std::string_view name;
    u64 factor;
};

constexpr Unit size_units[] = {
    {"", 1}, {"b", 1}, {"k", u64{1} << 10}, {"m", u64{1} << 20}, {"g", u64{1} << 30}, {"t", u64{1} << 40}};

constexpr Unit duration_units[] = {
    {"", 1'000'000'000},   {"ms", 1'000'000},        {"s", 1'000'000'000},
    {"m", 60'000'000'000}, {"h", 3'600'000'000'000},
};

/// A whole number followed by the name of one of `units`; nullopt when it is not that, or too large.
std::optional<u64> parse(std::string_view text, std::span<const Unit> units) {
    u64 number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{}) return std::nullopt;
    const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const Unit& unit : units) {
        u64 product;
        if (unit.name == name && !__builtin_mul_overflow(number, unit.factor, &product)) return product;
    }
    return std::nullopt;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

/// "512mib" and "512mb" as "512m".
std::string without_byte_suffix(std::string text) {
    for (const std::string_view suffix : {"ib", "b"})
        if (text.size() > suffix.size() && text.ends_with(suffix) &&
            std::isalpha(static_cast<unsigned char>(text[text.size() - suffix.size() - 1]))) {
            text.resize(text.size() - suffix.size());
            break;
        }
    return text;
}

} // namespace

Result<u64> parse_size(std::string_view option, std::string_view text) {
    if (const auto size = parse(without_byte_suffix(lower(text)), size_units)) return *size;
    return user_error("{} {}: not a size; give a number with K, M or G, such as 512M", option, text);
}

Result<Nanoseconds> parse_duration(std::string_view option, std::string_view text) {
    const auto duration = parse(lower(text), duration_units);
    if (duration && *duration > 0) return *duration;
    return user_error("{} {}: not a length of time; give a number above 0 with s, m, h or ms, such as 60s",
                      option, text);
}

Result<u64> parse_count(std::string_view option, std::string_view text) {
    constexpr Unit none[] = {{"", 1}};
    const auto count = parse(text, none);
    if (count && *count > 0) return *count;
    return user_error("{} {}: not a count; give a whole number above 0", option, text);
}

Result<pid_t> parse_pid(std::string_view text) {
    if (text.empty()) return user_error("--pid: not given; give the process id of a 'ringer run'");
    const u64 pid = TRY(parse_count("--pid", text));
    if (pid > static_cast<u64>(std::numeric_limits<pid_t>::max()))
        return user_error("--pid {}: is no process id; give that of a 'ringer run'", pid);
    return static_cast<pid_t>(pid);
}

Result<u64> parse_address(std::string_view option, std::string_view text) {
    const bool is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    const std::string_view digits = text.substr(is_hexadecimal ? 2 : 0);
    u64 address = 0;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), address, is_hexadecimal ? 16 : 10);
    if (failure == std::errc{} && end == digits.data() + digits.size()) return address;
    return user_error("{} {}: not an address; give a number such as 0xffffffff81000040", option, text);
}

} // namespace ringer::cli
