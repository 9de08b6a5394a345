#include "host/text_terminal.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <utility>

namespace ringer::host {

namespace {

using display::TextScreen;

/// 0x00 to 0x1f, and 0x7f.
constexpr std::u16string_view symbols = u" ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼";
constexpr char16_t house = u'⌂';
/// 0x80 to 0xff.
constexpr std::u16string_view upper_half =
    u"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
    u"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ";
static_assert(symbols.size() == 0x20 && upper_half.size() == 0x80);

/// A VGA counts its colors blue first, a terminal red first.
unsigned terminal_color(unsigned vga) {
    constexpr std::array<unsigned, 8> order{0, 4, 2, 6, 1, 5, 3, 7};
    return order[vga & 7];
}

std::string colors_of(u8 attribute, bool blinks) {
    const unsigned foreground = attribute & 15u, background = attribute >> 4 & (blinks ? 7u : 15u);
    return fmt::format("\x1b[0;{};{}{}m", terminal_color(foreground) + (foreground & 8 ? 90 : 30),
                       terminal_color(background) + (background & 8 ? 100 : 40),
                       blinks && attribute & 0x80 ? ";5" : "");
}

} // namespace

std::string utf8_of_437(u8 character) {
    if (character >= 0x20 && character < 0x7f) return {static_cast<char>(character)};
    const unsigned code = character < 0x20    ? symbols[character]
                          : character == 0x7f ? house
                                              : upper_half[character - 0x80u];
    if (code < 0x80) return {static_cast<char>(code)};
    const auto tail = [](unsigned bits) { return static_cast<char>(0x80 | (bits & 0x3f)); };
    if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), tail(code)};
    return {static_cast<char>(0xe0 | code >> 12), tail(code >> 6), tail(code)};
}

std::string TextTerminal::update(const display::Screen& screen) {
    const auto text = screen.text();
    return text ? update_text(*text) : update_notice(screen);
}

std::string TextTerminal::update_text(const TextScreen& text) {
    if (shown_ == text && notice_.empty()) return {};
    const bool is_other_mode = !notice_.empty() || !shown_ || shown_->columns != text.columns ||
                               shown_->rows != text.rows || shown_->blinks != text.blinks;
    notice_.clear();
    std::string out = is_other_mode ? "\x1b[0m\x1b[2J" : "";
    std::optional<u8> attribute;
    std::optional<std::size_t> at; // Where the terminal's cursor is.
    for (std::size_t i = 0; i < text.cells.size(); ++i) {
        const TextScreen::Cell& cell = text.cells[i];
        if (!is_other_mode && shown_->cells[i] == cell) continue;
        if (at != i || i % text.columns == 0)
            fmt::format_to(std::back_inserter(out), "\x1b[{};{}H", i / text.columns + 1,
                           i % text.columns + 1);
        if (attribute != cell.attribute) out += colors_of(cell.attribute, text.blinks);
        attribute = cell.attribute;
        out += utf8_of_437(cell.character);
        at = i + 1;
    }
    if (text.cursor)
        fmt::format_to(std::back_inserter(out), "\x1b[{};{}H\x1b[?25h", text.cursor->row + 1,
                       text.cursor->column + 1);
    else
        out += "\x1b[?25l";
    shown_ = text;
    return out;
}

std::string TextTerminal::update_notice(const display::Screen& screen) {
    const display::Picture picture = screen.picture();
    std::string notice =
        fmt::format("A picture of {} x {}; Ctrl-A s saves it.", picture.width, picture.height);
    if (notice == notice_) return {};
    notice_ = std::move(notice);
    return "\x1b[0m\x1b[2J\x1b[?25l\x1b[H" + notice_;
}

} // namespace ringer::host
