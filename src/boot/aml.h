#pragma once

#include "base/types.h"

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

/// An encoder for the part of the ACPI Machine Language that the machine's DSDT needs (ACPI 6.4, chapter 20).
/// Every function returns one encoded object or term; a list of terms is their concatenation.
namespace ringer::boot::aml {

using Code = std::vector<u8>;

/// The terms one after the other.
Code list(std::initializer_list<Code> terms);

/// A constant in its shortest encoding (20.2.3, ComputationalData).
Code integer(u64 value);

/// A NUL-terminated ASCII string; it must not hold a NUL itself.
Code string(std::string_view text);

/// A compressed EISA identifier, such as "PNP0A03" (19.6.36): three capital letters and four hexadecimal
/// digits.
Code eisa_id(std::string_view id);

/// A buffer that holds `bytes`.
Code buffer(std::span<const u8> bytes);

/// A package of at most 255 encoded elements.
Code package(std::span<const Code> elements);

/// A name string (20.2.2): segments of one to four characters separated by dots, with an optional leading
/// backslash.
Code name_string(std::string_view path);

/// Name(path, object): gives an object a name.
Code name(std::string_view path, const Code& object);

/// Scope(path) { terms } and Device(path) { terms }.
Code scope(std::string_view path, const Code& terms);
Code device(std::string_view path, const Code& terms);

/// Method(path, arguments) { terms }, of at most 7 arguments; within it argument(0) is Arg0.
Code method(std::string_view path, u8 arguments, const Code& terms);
Code argument(u8 index);

/// Statements (20.2.5): Store(value, path), If(condition) { terms }, Return(value). What is stored in, tested
/// or returned by its name is a name_string().
Code store(const Code& value, std::string_view path);
Code if_true(const Code& condition, const Code& terms);
Code return_value(const Code& value);

} // namespace ringer::boot::aml

/// Resource descriptors (ACPI 6.4, 6.4), the contents of _CRS.
namespace ringer::boot::aml::resource {

/// A buffer of `descriptors` closed by an end tag.
Code template_of(std::initializer_list<Code> descriptors);

/// `length` I/O ports at a fixed address, decoded on 16 bits.
Code io(u16 port, u8 length);

/// An ISA interrupt: edge triggered, active high, not shared. 0 <= irq < 16.
Code irq(u8 irq);

/// A channel of the ISA bus's DMA that moves bytes, at the speed of old. 0 <= channel < 8.
Code dma(u8 channel);

/// Fixed memory, read and written.
Code memory(u32 base, u32 size);

/// What a bus bridge passes down: bus numbers, I/O ports, memory that is not cached. Bounds are inclusive.
Code bus_window(u16 first, u16 last);
Code io_window(u16 first, u16 last);
Code memory_window(u32 first, u32 last);

} // namespace ringer::boot::aml::resource
