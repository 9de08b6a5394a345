#include "host/terminal_keys.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace ringer::host {

namespace {

using device::KeyEvent;

/// The rows of the keyboard from a code on, without and with Shift.
struct Row {
    u16 first_code;
    std::string_view plain, shifted;
};
constexpr std::array rows{
    Row{0x02, "1234567890-=", "!@#$%^&*()_+"},
    Row{0x10, "qwertyuiop[]", "QWERTYUIOP{}"},
    Row{0x1e, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
    Row{0x2b, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
    Row{0x39, " ", ""},
};

/// What xterm sends for keys that stand for no character, after ESC.
constexpr std::array<std::pair<std::string_view, u16>, 34> sequences{{
    {"[A", key::up},       {"[B", key::down},       {"[C", key::right},    {"[D", key::left},
    {"OA", key::up},       {"OB", key::down},       {"OC", key::right},    {"OD", key::left},
    {"[H", key::home},     {"[F", key::end},        {"OH", key::home},     {"OF", key::end},
    {"[1~", key::home},    {"[2~", key::insert},    {"[3~", key::del},     {"[4~", key::end},
    {"[5~", key::page_up}, {"[6~", key::page_down}, {"OP", key::f1},       {"OQ", key::f1 + 1},
    {"OR", key::f1 + 2},   {"OS", key::f1 + 3},     {"[11~", key::f1},     {"[12~", key::f1 + 1},
    {"[13~", key::f1 + 2}, {"[14~", key::f1 + 3},   {"[15~", key::f1 + 4}, {"[17~", key::f1 + 5},
    {"[18~", key::f1 + 6}, {"[19~", key::f1 + 7},   {"[20~", key::f1 + 8}, {"[21~", key::f1 + 9},
    {"[23~", key::f11},    {"[24~", key::f12},
}};

constexpr u8 escape_byte = 0x1b, delete_byte = 0x7f;

/// Presses and releases keys, the first of which are held meanwhile.
class Typist {
  public:
    void hold(u16 code) {
        events_.push_back({code, true});
        held_.push_back(code);
    }
    void strike(u16 code) {
        events_.push_back({code, true});
        events_.push_back({code, false});
        release_held();
    }
    void strike(const KeyStroke& stroke) {
        if (stroke.shift) hold(key::shift);
        strike(stroke.code);
    }
    std::vector<KeyEvent> finish() {
        release_held();
        return std::move(events_);
    }

  private:
    void release_held() {
        for (; !held_.empty(); held_.pop_back()) events_.push_back({held_.back(), false});
    }

    std::vector<KeyEvent> events_;
    std::vector<u16> held_;
};

/// Types one character, which may be a control character, if a key stands for it.
void type_character(Typist& typist, u8 character) {
    switch (character) {
    case '\r':
    case '\n': return typist.strike(key::enter);
    case '\t': return typist.strike(key::tab);
    case '\b':
    case delete_byte: return typist.strike(key::backspace);
    case escape_byte: return typist.strike(key::escape);
    default: break;
    }
    if (character < 0x20) {
        // The terminal takes two bits from the character that is typed with Control.
        const KeyStroke lower = key_stroke(character | 0x60);
        typist.hold(key::control);
        typist.strike(lower.code == 0 || lower.shift ? key_stroke(character | 0x40) : lower);
        return;
    }
    const KeyStroke stroke = key_stroke(character);
    if (stroke.code != 0) typist.strike(stroke);
}

/// The sequence that `typed` begins with.
std::optional<std::pair<std::string_view, u16>> sequence_at(std::string_view typed) {
    for (const auto& each : sequences)
        if (typed.starts_with(each.first)) return each;
    return std::nullopt;
}

} // namespace

KeyStroke key_stroke(u8 character) {
    for (const Row& row : rows) {
        const auto at = [&](std::string_view characters, bool shift) -> KeyStroke {
            const std::size_t place = characters.find(static_cast<char>(character));
            if (place == std::string_view::npos) return {};
            return {static_cast<u16>(row.first_code + place), shift};
        };
        for (const KeyStroke stroke : {at(row.plain, false), at(row.shifted, true)})
            if (stroke.code != 0) return stroke;
    }
    return {};
}

std::vector<KeyEvent> keys_for(std::span<const u8> typed) {
    Typist typist;
    std::string_view rest(reinterpret_cast<const char*>(typed.data()), typed.size());
    while (!rest.empty()) {
        const auto first = static_cast<u8>(rest.front());
        rest.remove_prefix(1);
        if (first == escape_byte && !rest.empty()) {
            if (const auto sequence = sequence_at(rest)) {
                typist.strike(sequence->second);
                rest.remove_prefix(sequence->first.size());
                continue;
            }
            // What follows was typed with Alt, or after the key.
            if (static_cast<u8>(rest.front()) != escape_byte) {
                typist.hold(key::alt);
                continue;
            }
        }
        type_character(typist, first);
    }
    return typist.finish();
}

} // namespace ringer::host
