#include "fields.h"
#include "subject.h"

#include <algorithm>
#include <ranges>
#include <span>

#include <fmt/format.h>

namespace ringer::cases {

namespace {

bool is_user_field(std::string_view name) {
    return std::ranges::find(registers, name) != registers.end() || name.starts_with("st") || name == "rip" ||
           name == "cr2" || name == "mxcsr" || name == "fcw" || name == "fsw" || name == "ftw";
}

/// Highest byte first, as numbers are written.
std::string hexadecimal(std::span<const u8> bytes) {
    std::string text = "0x";
    for (const u8 byte : bytes | std::views::reverse) text += fmt::format("{:02x}", byte);
    return text;
}

class Comparison {
  public:
    Comparison(const Case& one, const x86::CpuState& initial, const Ending& ending)
        : one_(one), ending_(ending), initial_(initial), final_(ending.state) {}

    std::vector<std::string> run() {
        ending();
        for (const std::string_view name : registers) unchanged_unless_mentioned(name);
        if (!ending_.user_state_only)
            for (const std::string_view name : system_registers) unchanged_unless_mentioned(name);
        flags();
        for (const Record& record : one_.records) {
            if (record.kind == Record::Kind::expect) expected(record);
            if (record.kind == Record::Kind::expect_memory) memory(record);
        }
        return std::move(found_);
    }

  private:
    void ending() {
        const Record* vector = one_.find(Record::Kind::expect, "vector");
        const Record* error_code = one_.find(Record::Kind::expect, "error_code");
        using enum Ending::Kind;
        const bool fatal = one_.find(Record::Kind::expect, "shutdown");
        const Ending::Kind wanted = vector ? exception : fatal ? shutdown : halted;
        const char* const names[] = {"a HLT", "an exception", "a shutdown", "no end"};
        if (ending_.kind != wanted) {
            found_.push_back(fmt::format("ends with {} instead of {}", names[static_cast<int>(ending_.kind)],
                                         names[static_cast<int>(wanted)]));
            if (ending_.kind == exception)
                found_.push_back(fmt::format("exception {}, error code {:#x}, at RIP {:#x}, CR2 {:#x}",
                                             ending_.vector, ending_.error_code, final_.rip, final_.cr2));
        } else if (vector &&
                   (ending_.vector != vector->values[0] || ending_.error_code != error_code->values[0])) {
            found_.push_back(fmt::format("exception {} with error code {:#x} instead of {} with {:#x}",
                                         ending_.vector, ending_.error_code, vector->values[0],
                                         error_code->values[0]));
        }
    }

    void unchanged_unless_mentioned(std::string_view name) {
        if (one_.find(Record::Kind::expect, name)) return;
        const Field before = find_field(initial_, name);
        compare(name, find_field(final_, name), {before.bytes, before.size});
    }

    void expected(const Record& record) {
        const bool of_the_end =
            record.name == "vector" || record.name == "error_code" || record.name == "shutdown";
        if (of_the_end || record.name == "rflags") return;
        const Field field = find_field(final_, record.name);
        if (!field.bytes)
            found_.push_back(fmt::format("expects '{}', which is no register", record.name));
        else if (!ending_.user_state_only || is_user_field(record.name))
            compare(record.name, field, {reinterpret_cast<const u8*>(record.values.data()), field.size});
    }

    void compare(std::string_view name, Field actual, std::span<const u8> wanted) {
        const std::span<const u8> bytes(actual.bytes, actual.size);
        if (!std::ranges::equal(bytes, wanted))
            found_.push_back(
                fmt::format("{} is {} instead of {}", name, hexadecimal(bytes), hexadecimal(wanted)));
    }

    void flags() {
        const Record* mentioned = one_.find(Record::Kind::expect, "rflags");
        const Record* undefined = one_.find(Record::Kind::undefined_flags, "rflags");
        const u64 wanted = (mentioned ? mentioned->values[0] : initial_.rflags) | x86::flag::reserved_one;
        // RF in a pushed image tells of the fault, not of the program; a process cannot choose IF.
        u64 ignored = x86::flag::rf | (undefined ? undefined->values[0] : 0);
        if (ending_.user_state_only) ignored |= x86::flag::interrupt;
        if ((final_.rflags ^ wanted) & ~ignored)
            found_.push_back(fmt::format("rflags is {:#x} instead of {:#x} (ignoring {:#x})", final_.rflags,
                                         wanted, ignored));
    }

    void memory(const Record& record) {
        const auto [address, size, low, high] = record.values;
        const std::array<u64, 2> halves = {low, high};
        if (size < 1 || size > sizeof(halves) || size > ending_.ram.size() ||
            address > ending_.ram.size() - size) {
            found_.push_back(
                fmt::format("expects {} bytes of memory at {:#x}, which cannot be", size, address));
            return;
        }
        const std::span actual = std::span(ending_.ram).subspan(address, size);
        const std::span wanted(reinterpret_cast<const u8*>(halves.data()), size);
        if (!std::ranges::equal(actual, wanted))
            found_.push_back(fmt::format("memory at {:#x} is {} instead of {}", address, hexadecimal(actual),
                                         hexadecimal(wanted)));
    }

    const Case& one_;
    const Ending& ending_;
    x86::CpuState initial_, final_;
    std::vector<std::string> found_;
};

} // namespace

std::vector<std::string> complaints(const Case& one, const x86::CpuState& initial, const Ending& ending) {
    return Comparison(one, initial, ending).run();
}

} // namespace ringer::cases
