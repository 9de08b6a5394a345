#include "boot/aml.h"

#include "base/assert.h"
#include "boot/little_endian.h"

#include <charconv>
#include <limits>

namespace ringer::boot::aml {

namespace {

/// Opcodes and prefixes (ACPI 6.4, table 20.4).
enum Opcode : u8 {
    name_op = 0x08,
    byte_prefix = 0x0a,
    word_prefix = 0x0b,
    dword_prefix = 0x0c,
    string_prefix = 0x0d,
    qword_prefix = 0x0e,
    scope_op = 0x10,
    buffer_op = 0x11,
    package_op = 0x12,
    method_op = 0x14,
    dual_name_prefix = 0x2e,
    multi_name_prefix = 0x2f,
    extended_prefix = 0x5b,
    root_character = 0x5c,
    first_argument_op = 0x68,
    store_op = 0x70,
    device_op = 0x82,
    if_op = 0xa0,
    return_op = 0xa4,
};

constexpr u8 most_arguments = 7;

void append_code(Code& code, const Code& more) { code.insert(code.end(), more.begin(), more.end()); }

/// A package length (20.2.4) followed by `contents`; the length counts itself. Up to 63 fit its lead byte,
/// else that holds four bits and the number of bytes that follow.
Code with_length(const Code& contents) {
    const std::size_t size = contents.size();
    Code code;
    if (size + 1 < 1 << 6) {
        code.push_back(static_cast<u8>(size + 1));
    } else {
        const unsigned following = size + 2 < 1 << 12 ? 1 : size + 3 < 1 << 20 ? 2 : 3;
        const std::size_t length = size + 1 + following;
        RINGER_ASSERT(length < 1 << 28);
        code.push_back(static_cast<u8>(following << 6 | (length & 0xf)));
        for (unsigned i = 0; i < following; ++i) code.push_back(static_cast<u8>(length >> (4 + 8 * i)));
    }
    append_code(code, contents);
    return code;
}

void append_segment(Code& code, std::string_view segment) {
    RINGER_ASSERT(!segment.empty() && segment.size() <= 4);
    for (std::size_t i = 0; i < 4; ++i)
        code.push_back(i < segment.size() ? static_cast<u8>(segment[i]) : u8{'_'});
}

} // namespace

Code list(std::initializer_list<Code> terms) {
    Code code;
    for (const Code& term : terms) append_code(code, term);
    return code;
}

Code integer(u64 value) {
    if (value <= 1) return {static_cast<u8>(value)};
    Code code;
    if (value <= std::numeric_limits<u8>::max()) {
        code.push_back(byte_prefix);
        append(code, static_cast<u8>(value));
    } else if (value <= std::numeric_limits<u16>::max()) {
        code.push_back(word_prefix);
        append(code, static_cast<u16>(value));
    } else if (value <= std::numeric_limits<u32>::max()) {
        code.push_back(dword_prefix);
        append(code, static_cast<u32>(value));
    } else {
        code.push_back(qword_prefix);
        append(code, value);
    }
    return code;
}

Code string(std::string_view text) {
    RINGER_ASSERT(text.find('\0') == std::string_view::npos);
    return list({{string_prefix}, Code(text.begin(), text.end()), {0}});
}

Code eisa_id(std::string_view id) {
    RINGER_ASSERT(id.size() == 7);
    u32 product = 0;
    const auto [end, error] = std::from_chars(id.data() + 3, id.data() + 7, product, 16);
    RINGER_ASSERT(error == std::errc{} && end == id.data() + 7);
    u32 value = product;
    for (unsigned i = 0; i < 3; ++i) value |= static_cast<u32>(id[i] - 'A' + 1) << (26 - 5 * i);
    return integer(__builtin_bswap32(value));
}

Code buffer(std::span<const u8> bytes) {
    Code contents = integer(bytes.size());
    contents.insert(contents.end(), bytes.begin(), bytes.end());
    return list({{buffer_op}, with_length(contents)});
}

Code package(std::span<const Code> elements) {
    RINGER_ASSERT(elements.size() <= 255);
    Code contents{static_cast<u8>(elements.size())};
    for (const Code& element : elements) append_code(contents, element);
    return list({{package_op}, with_length(contents)});
}

Code name_string(std::string_view path) {
    Code code;
    if (path.starts_with('\\')) {
        code.push_back(root_character);
        path.remove_prefix(1);
    }
    Code segments;
    for (;;) {
        const std::size_t dot = path.find('.');
        append_segment(segments, path.substr(0, dot));
        if (dot == std::string_view::npos) break;
        path.remove_prefix(dot + 1);
    }
    const std::size_t count = segments.size() / 4;
    RINGER_ASSERT(count <= 255);
    if (count == 2) code.push_back(dual_name_prefix);
    if (count > 2) append_code(code, {multi_name_prefix, static_cast<u8>(count)});
    append_code(code, segments);
    return code;
}

Code name(std::string_view path, const Code& object) { return list({{name_op}, name_string(path), object}); }

Code scope(std::string_view path, const Code& terms) {
    return list({{scope_op}, with_length(list({name_string(path), terms}))});
}

Code device(std::string_view path, const Code& terms) {
    return list({{extended_prefix, device_op}, with_length(list({name_string(path), terms}))});
}

Code method(std::string_view path, u8 arguments, const Code& terms) {
    RINGER_ASSERT(arguments <= most_arguments);
    return list({{method_op}, with_length(list({name_string(path), {arguments}, terms}))});
}

Code argument(u8 index) {
    RINGER_ASSERT(index < most_arguments);
    return {static_cast<u8>(first_argument_op + index)};
}

Code store(const Code& value, std::string_view path) { return list({{store_op}, value, name_string(path)}); }

Code if_true(const Code& condition, const Code& terms) {
    return list({{if_op}, with_length(list({condition, terms}))});
}

Code return_value(const Code& value) { return list({{return_op}, value}); }

} // namespace ringer::boot::aml

namespace ringer::boot::aml::resource {

namespace {

/// First bytes of the descriptors: a small one holds its length in bits 2:0, a large one is followed by it.
enum Tag : u8 {
    irq_tag = 0x22,
    dma_tag = 0x2a,
    io_tag = 0x47,
    end_tag = 0x79,
    memory_tag = 0x86,
    dword_window_tag = 0x87,
    word_window_tag = 0x88,
};

enum WindowKind : u8 { memory_kind, io_kind, bus_kind };

/// A word or doubleword address space descriptor (6.4.3.5) which a bridge produces, with both bounds fixed.
template <class T>
Code window(Tag tag, WindowKind kind, u8 kind_flags, T first, T last) {
    RINGER_ASSERT(first <= last);
    constexpr u8 both_bounds_fixed = 0x0c;
    Code code{tag};
    append(code, static_cast<u16>(3 + 5 * sizeof(T)));
    append_code(code, {kind, both_bounds_fixed, kind_flags});
    append<T>(code, 0); // granularity
    append(code, first);
    append(code, last);
    append<T>(code, 0); // translation offset
    append(code, static_cast<T>(last - first + 1));
    return code;
}

} // namespace

Code template_of(std::initializer_list<Code> descriptors) {
    // A checksum of zero in the end tag stands for a correct one (6.4.2.9).
    return buffer(list({list(descriptors), {end_tag, 0}}));
}

Code io(u16 port, u8 length) {
    constexpr u8 decode_16_bits = 1, alignment = 1;
    Code code{io_tag, decode_16_bits};
    append(code, port);
    append(code, port);
    append_code(code, {alignment, length});
    return code;
}

Code irq(u8 irq) {
    RINGER_ASSERT(irq < 16);
    Code code{irq_tag};
    append(code, static_cast<u16>(1 << irq));
    return code;
}

Code dma(u8 channel) {
    RINGER_ASSERT(channel < 8);
    return {dma_tag, static_cast<u8>(1 << channel), 0};
}

Code memory(u32 base, u32 size) {
    constexpr u8 read_write = 1;
    Code code{memory_tag, 9, 0, read_write};
    append(code, base);
    append(code, size);
    return code;
}

Code bus_window(u16 first, u16 last) { return window(word_window_tag, bus_kind, 0, first, last); }

Code io_window(u16 first, u16 last) {
    constexpr u8 whole_range = 3;
    return window(word_window_tag, io_kind, whole_range, first, last);
}

Code memory_window(u32 first, u32 last) {
    constexpr u8 read_write = 1;
    return window(dword_window_tag, memory_kind, read_write, first, last);
}

} // namespace ringer::boot::aml::resource
