#pragma once

#include "base/result.h"
#include "base/types.h"

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ringer::cases {

/// The state in which a case starts.
enum class Mode : u8 {
    real16, ///< Real mode, CS base 0.
    prot32, ///< 32-bit protected mode without paging, CPL 0.
    long64, ///< 64-bit mode, CPL 0, the first 2 MiB mapped page by page.
    user64, ///< The same at CPL 3; such a case also runs on the real CPU.
};

/// One statement of a case about a register (or memory) before or after it; what the macros of case.inc lay
/// down.
struct Record {
    enum class Kind : u64 { given, expect, expect_memory, undefined_flags, maker };
    Kind kind;
    std::string name;
    std::array<u64, 4> values;
};

/// An assembled case.
struct Case {
    std::string name; ///< "long64/paging/large_page"
    Mode mode;
    bool on_pc;           ///< On a whole PC instead of the bare machine.
    std::vector<u8> code; ///< To be loaded, and entered, at code_address(mode).
    std::vector<Record> records;

    const Record* find(Record::Kind kind, std::string_view field) const;

    /// Whether it holds on AMD's CPUs, or on Intel's.
    bool holds_on(bool amd) const;
};

/// Where cases of a mode are linked. Beyond 64 KiB where an address may be that large, because Linux lets no
/// process map what lies below.
constexpr u64 code_address(Mode mode) { return mode == Mode::real16 ? 0x7c00 : 0x10000; }

/// Reads every `<mode>/<topic>/<name>.bin` below `folder` with the `.case` file beside it, in the order of
/// their names.
Result<std::vector<Case>> load_cases(const std::filesystem::path& folder);

} // namespace ringer::cases
