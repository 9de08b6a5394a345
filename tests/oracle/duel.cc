#include "duel.h"

#include "values.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <ranges>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ringer::oracle {

namespace {

std::vector<std::string> fields(const std::vector<Difference>& differences) {
    std::vector<std::string> names;
    for (const Difference& one : differences) names.push_back(one.field.substr(0, one.field.find(' ')));
    return names;
}

using Simplification = std::function<void(Trial&)>;

/// Puts NOPs in the place of one instruction, so that all others stay where they are.
void remove_instruction_number(std::size_t number, Trial& trial) {
    constexpr u8 nop = 0x90;
    const auto start =
        std::accumulate(trial.lengths.begin(), trial.lengths.begin() + static_cast<std::ptrdiff_t>(number),
                        std::ptrdiff_t{0});
    std::fill_n(trial.bytes.begin() + start, trial.lengths[number], nop);
}

std::vector<Simplification> simplifications(const Trial& trial) {
    std::vector<Simplification> all;
    for (std::size_t i = 0; trial.is_sequence() && i < trial.lengths.size(); ++i)
        all.push_back([i](Trial& t) { remove_instruction_number(i, t); });
    all.push_back([](Trial& t) { t.empty_memory = true; });
    for (std::size_t i = 0; i < trial.patches.size(); ++i)
        all.push_back([i](Trial& t) { t.patches[i].bytes.clear(); });
    all.push_back([](Trial& t) { t.state.x87 = {.control = 0x37f, .valid = 0}; });
    all.push_back([](Trial& t) { t.state.x87.st = {}; });
    all.push_back([](Trial& t) { t.state.vector.mxcsr = 0x1f80; });
    all.push_back([](Trial& t) { t.state.vector.ymm = {}; });
    all.push_back([](Trial& t) { t.state.rflags = 0x202; });
    all.push_back([](Trial& t) { t.state.segments[x86::fs].base = 0; });
    all.push_back([](Trial& t) { t.state.segments[x86::gs].base = 0; });
    for (unsigned i = 0; i < 16; ++i) {
        all.push_back([i](Trial& t) { t.state.gpr[i] = 0; });
        all.push_back([i](Trial& t) { t.state.vector.ymm[i] = {}; });
        all.push_back([i](Trial& t) { t.state.gpr[i] &= 0xff; });
    }
    for (unsigned i = 0; i < 8; ++i) all.push_back([i](Trial& t) { t.state.x87.st[i] = {}; });
    for (const unsigned bit : {0, 2, 4, 6, 7, 8, 10, 11, 14, 18, 21})
        all.push_back([bit](Trial& t) { t.state.rflags &= ~(u64{1} << bit); });
    return all;
}

std::string bytes_text(std::span<const u8> bytes) { return fmt::format("{:02x}", fmt::join(bytes, " ")); }

std::string disassembly(const Trial& trial, std::span<const u8> bytes, u64 rip, bool is_amd) {
    const auto decoded = decode_bytes(bytes, trial.code_size, is_amd);
    if (!decoded) return "(no instruction that Zydis knows)";
    ZydisFormatter formatter;
    ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
    char text[256];
    ZydisFormatterFormatInstruction(&formatter, &decoded->instruction, decoded->operands,
                                    decoded->instruction.operand_count_visible, text, sizeof(text), rip,
                                    nullptr);
    return text;
}

/// A line for each instruction, but for what has become NOPs.
std::string code_text(const Trial& trial, bool is_amd) {
    std::string text;
    std::span<const u8> rest = trial.bytes;
    for (const u8 length : trial.lengths) {
        const u64 rip = trial.state.rip + trial.bytes.size() - rest.size();
        const auto bytes = rest.first(length);
        rest = rest.subspan(length);
        if (trial.is_sequence() && std::ranges::count(bytes, 0x90) == length) continue;
        text += fmt::format("  {:#x}: {}    {}\n", rip, bytes_text(bytes),
                            disassembly(trial, bytes, rip, is_amd));
    }
    return text;
}

bool is_zero(std::span<const u8> bytes) {
    return std::ranges::all_of(bytes, [](u8 byte) { return byte == 0; });
}

std::string element_text(std::span<const u8> bytes) {
    std::string text;
    for (const u8 byte : bytes | std::views::reverse) text += fmt::format("{:02x}", byte);
    return text;
}

std::string state_text(const x86::CpuState& state) {
    constexpr const char* names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                     "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
    constexpr const char* segment_names[] = {"es", "cs", "ss", "ds", "fs", "gs"};
    std::string text = fmt::format("  rip={:#x} rflags={:#x}", state.rip, state.rflags);
    for (unsigned i = 0; i < 16; ++i)
        if (state.gpr[i]) text += fmt::format(" {}={:#x}", names[i], state.gpr[i]);
    for (unsigned i = 0; i < 6; ++i)
        if (const u16 selector = state.segments[i].selector)
            text += fmt::format(" {}={:#x}", segment_names[i], selector);
    if (const u64 base = state.segments[x86::fs].base) text += fmt::format(" fs.base={:#x}", base);
    if (const u64 base = state.segments[x86::gs].base) text += fmt::format(" gs.base={:#x}", base);
    text += fmt::format("\n  fcw={:#x} fsw={:#x} ftw={:#x} mxcsr={:#x}", state.x87.control, state.x87.status,
                        state.x87.valid, state.vector.mxcsr);
    for (unsigned i = 0; i < 8; ++i)
        if (!is_zero(state.x87.st[i]))
            text += fmt::format("\n  st{}={}", i, element_text(std::span(state.x87.st[i]).first(10)));
    for (unsigned i = 0; i < 16; ++i)
        if (!is_zero(state.vector.ymm[i]))
            text += fmt::format("\n  ymm{}={}", i, element_text(state.vector.ymm[i]));
    return text;
}

} // namespace

DuelResult Duel::run(const Trial& trial) {
    DuelResult result;
    const Outcome engine = engine_.run(trial);
    result.engine_vector = engine.vector;
    result.endless = engine.end == Outcome::End::endless;
    if (result.endless) return result;
    const Outcome native = native_.run(trial);
    result.native_vector = native.vector;
    result.differences = compare(trial, {native, native_.memory()}, {engine, engine_.memory()});
    return result;
}

Trial Duel::shrink(const Trial& trial) {
    const auto wanted = fields(run(trial).differences);
    Trial smallest = trial;
    for (const Simplification& simplify : simplifications(trial)) {
        Trial simpler = smallest;
        simplify(simpler);
        if (fields(run(simpler).differences) == wanted) smallest = std::move(simpler);
    }
    return smallest;
}

std::string describe(const Trial& trial, const std::vector<Difference>& differences, bool is_amd) {
    std::string text = code_text(trial, is_amd) + state_text(trial.state) + "\n";
    text += trial.empty_memory ? "  memory: zero\n" : fmt::format("  memory: image {}\n", trial.image);
    for (const Patch& patch : trial.patches) {
        const auto shown = std::span(patch.bytes).first(std::min<std::size_t>(patch.bytes.size(), 32));
        if (!shown.empty()) text += fmt::format("  at {:#x}: {}\n", patch.linear, bytes_text(shown));
    }
    for (const Difference& one : differences)
        text += fmt::format("  {}: CPU {}, engine {}\n", one.field, one.native, one.engine);
    return text;
}

} // namespace ringer::oracle
