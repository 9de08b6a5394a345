#include "debug/lockstep/difference.h"

#include "debug/disassembly.h"
#include "state/describer.h"
#include "x86/decode.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

namespace ringer::debug {

using nlohmann::ordered_json;

namespace {

constexpr std::size_t most_places = 32; ///< In memory.
constexpr std::size_t whole_bytes = 32; ///< A vector register.

constexpr std::array<std::string_view, 16> general_registers{"rax", "rcx", "rdx", "rbx", "rsp", "rbp",
                                                             "rsi", "rdi", "r8",  "r9",  "r10", "r11",
                                                             "r12", "r13", "r14", "r15"};
constexpr std::array<std::string_view, 6> segment_registers{"es", "cs", "ss", "ds", "fs", "gs"};

std::string hex(std::span<const u8> bytes) { return fmt::format("{:02x}", fmt::join(bytes, " ")); }

u64 linear_address_of_code(engine::X86Vcpu& vcpu, u64 offset) {
    const x86::CpuState& state = vcpu.state();
    if (vcpu.code_mode() == x86::CodeMode::long64) return state.rip + offset;
    return static_cast<u32>(state.segments[x86::cs].base + state.rip + offset);
}

/// The bytes at CS:RIP, as far as they are mapped to RAM.
std::vector<u8> code_bytes(machine::Pc& pc) {
    std::vector<u8> bytes;
    while (bytes.size() < x86::longest_instruction) {
        const auto address = pc.vcpu().translate(linear_address_of_code(pc.vcpu(), bytes.size()));
        const u8* const byte = address ? pc.memory().ram(*address) : nullptr;
        if (!byte) break;
        bytes.push_back(*byte);
    }
    return bytes;
}

/// Replaces "array[n]" in a path by the n-th of `names`.
template <std::size_t count>
void name_elements(std::string& path, std::string_view array,
                   const std::array<std::string_view, count>& names) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::string element = fmt::format("{}[{}]", array, i);
        if (const auto at = path.find(element); at != std::string::npos)
            path.replace(at, element.size(), names[i]);
    }
}

std::string readable(std::string path) {
    name_elements(path, "gpr", general_registers);
    name_elements(path, "segments", segment_registers);
    return path;
}

} // namespace

ordered_json describe_instruction(LockstepMachine& machine) {
    machine::Pc& pc = machine.pc();
    engine::X86Vcpu& vcpu = pc.vcpu();
    std::vector<u8> bytes = code_bytes(pc);
    const auto found = disassemble(bytes, vcpu.code_mode(), vcpu.state().rip);
    if (found) bytes.resize(found->length);
    const u64 linear = linear_address_of_code(vcpu, 0);
    ordered_json json{{"retired", vcpu.retired()},
                      {"cs", vcpu.state().segments[x86::cs].selector},
                      {"rip", vcpu.state().rip},
                      {"linear", linear}};
    if (const auto physical = vcpu.translate(linear)) json["physical"] = *physical;
    json["bytes"] = hex(bytes);
    json["text"] = found ? found->text : bytes.empty() ? "(not mapped)" : "(no instruction)";
    json["vcpu"] = machine.description()["vcpu0"];
    return json;
}

ordered_json describe_differences(MachinePair& pair) {
    const ordered_json first = pair[0].description(), second = pair[1].description();
    ordered_json json{{"fields", ordered_json::array()}, {"memory", ordered_json::array()}};
    for (const state::Difference& difference : state::compare(first, second, whole_bytes))
        json["fields"].push_back(
            {{"path", readable(difference.path)}, {"values", {difference.left, difference.right}}});
    for (const MemoryDifference& difference : pair.memory_differences(most_places))
        json["memory"].push_back({{"address", difference.address},
                                  {"values", {hex(difference.contents[0]), hex(difference.contents[1])}}});
    json["states"] = {first, second};
    return json;
}

namespace {

/// The flags of RFLAGS that can be set, by their bit.
constexpr std::pair<unsigned, std::string_view> flag_names[] = {
    {0, "CF"},  {2, "PF"},  {4, "AF"},  {6, "ZF"},  {7, "SF"},  {8, "TF"},   {9, "IF"},   {10, "DF"},
    {11, "OF"}, {14, "NT"}, {16, "RF"}, {17, "VM"}, {18, "AC"}, {19, "VIF"}, {20, "VIP"}, {21, "ID"}};

std::string show_flags(u64 rflags) {
    std::string text = fmt::format("{:#x}", rflags);
    for (const auto& [bit, name] : flag_names)
        if (rflags >> bit & 1) text += fmt::format(" {}", name);
    return text;
}

std::string show(std::string_view path, const ordered_json& value) {
    if (value.is_null()) return "absent";
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_number_unsigned()) return value.dump();
    return path.ends_with(".rflags") ? show_flags(value.get<u64>()) : fmt::format("{:#x}", value.get<u64>());
}

/// A table of three columns under the engines' names.
std::string show_table(const ordered_json& report, const std::array<std::string, 2>& engines) {
    std::vector<std::array<std::string, 3>> rows{{"", engines[0], engines[1]}};
    for (const ordered_json& field : report["fields"]) {
        const auto path = field["path"].get<std::string>();
        rows.push_back({path, show(path, field["values"][0]), show(path, field["values"][1])});
    }
    for (const ordered_json& place : report["memory"])
        rows.push_back({fmt::format("memory {:#x}", place["address"].get<u64>()),
                        show("", place["values"][0]), show("", place["values"][1])});
    std::array<std::size_t, 2> widths{};
    for (const auto& row : rows)
        for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    std::string text;
    for (const auto& row : rows)
        text += fmt::format("  {:<{}}  {:<{}}  {}\n", row[0], widths[0], row[1], widths[1], row[2]);
    return text;
}

/// The registers that an instruction is most likely to have worked on.
std::string show_registers(const ordered_json& vcpu) {
    constexpr std::size_t columns = 4;
    std::string text;
    for (std::size_t i = 0; i < general_registers.size(); ++i)
        text += fmt::format("  {:<3} {:016x}{}", general_registers[i], vcpu["gpr"][i].get<u64>(),
                            i % columns == columns - 1 ? "\n" : "");
    return text + fmt::format("  rflags {}  cr0 {:#x}  cr3 {:#x}  cr4 {:#x}  cpl {}\n",
                              show_flags(vcpu["rflags"].get<u64>()), vcpu["cr0"].get<u64>(),
                              vcpu["cr3"].get<u64>(), vcpu["cr4"].get<u64>(), vcpu["cpl"].get<u64>());
}

std::string show_instruction(const ordered_json& before) {
    std::string text =
        fmt::format("  {:04x}:{:016x}  {}  {}\n", before["cs"].get<u64>(), before["rip"].get<u64>(),
                    before["bytes"].get<std::string>(), before["text"].get<std::string>());
    text += fmt::format("  linear {:#x}", before["linear"].get<u64>());
    if (before.contains("physical")) text += fmt::format(", physical {:#x}", before["physical"].get<u64>());
    return text + "\n\nThe registers before it, in both:\n" + show_registers(before["vcpu"]);
}

} // namespace

std::string to_text(const ordered_json& report, const std::array<std::string, 2>& engines) {
    std::string text;
    if (report["located"].get<bool>())
        text = fmt::format("{} and {} differ after instruction {}:\n\n{}", engines[0], engines[1],
                           report["instruction"].get<u64>(), show_instruction(report["before"]));
    else
        text = fmt::format("{} and {} differ somewhere from instruction {} to {}; {}\n", engines[0],
                           engines[1], report["first"].get<u64>(), report["instruction"].get<u64>(),
                           report["reason"].get<std::string>());
    return text + "\nWhat differs then:\n" + show_table(report, engines);
}

} // namespace ringer::debug
