#include "fields.h"

#include <charconv>
#include <map>
#include <optional>

namespace ringer::cases {

const std::array<std::string_view, 32> registers = {
    "rax",  "rcx",  "rdx",  "rbx",  "rsp",   "rbp",   "rsi",   "rdi",   "r8",    "r9",   "r10",
    "r11",  "r12",  "r13",  "r14",  "r15",   "ymm0",  "ymm1",  "ymm2",  "ymm3",  "ymm4", "ymm5",
    "ymm6", "ymm7", "ymm8", "ymm9", "ymm10", "ymm11", "ymm12", "ymm13", "ymm14", "ymm15"};
const std::array<std::string_view, 13> system_registers = {"es",  "cs",  "ss",  "ds",   "fs",   "gs", "cr0",
                                                           "cr2", "cr3", "cr4", "efer", "xcr0", "cpl"};

namespace {

template <class T>
Field field_of(T& member) {
    return {reinterpret_cast<u8*>(&member), sizeof(member)};
}

/// The number in "ymm12" after "ymm".
std::optional<unsigned> number_after(std::string_view prefix, std::string_view name) {
    unsigned number = 0;
    if (!name.starts_with(prefix)) return std::nullopt;
    const auto digits = name.substr(prefix.size());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

} // namespace

Field find_field(x86::CpuState& s, std::string_view name) {
    for (unsigned i = 0; i < s.gpr.size(); ++i)
        if (name == registers[i]) return field_of(s.gpr[i]);
    for (unsigned i = 0; i < s.segments.size(); ++i)
        if (name == system_registers[i]) return field_of(s.segments[i].selector);
    if (const auto n = number_after("ymm", name); n && *n < 16) return field_of(s.vector.ymm[*n]);
    if (const auto n = number_after("st", name); n && *n < 8) return field_of(s.x87.st[*n]);

    const std::map<std::string_view, Field> others = {
        {"rip", field_of(s.rip)},
        {"rflags", field_of(s.rflags)},
        {"cpl", field_of(s.cpl)},
        {"cr0", field_of(s.cr0)},
        {"cr2", field_of(s.cr2)},
        {"cr3", field_of(s.cr3)},
        {"cr4", field_of(s.cr4)},
        {"dr6", field_of(s.dr6)},
        {"xcr0", field_of(s.xcr0)},
        {"efer", field_of(s.msr.efer)},
        {"star", field_of(s.msr.star)},
        {"lstar", field_of(s.msr.lstar)},
        {"fmask", field_of(s.msr.fmask)},
        {"kernel_gs_base", field_of(s.msr.kernel_gs_base)},
        {"fs_base", field_of(s.segments[x86::fs].base)},
        {"gs_base", field_of(s.segments[x86::gs].base)},
        {"cs_base", field_of(s.segments[x86::cs].base)},
        {"ds_base", field_of(s.segments[x86::ds].base)},
        {"ds_limit", field_of(s.segments[x86::ds].limit)},
        {"ds_attributes", field_of(s.segments[x86::ds].attributes)},
        {"cs_attributes", field_of(s.segments[x86::cs].attributes)},
        {"cs_limit", field_of(s.segments[x86::cs].limit)},
        {"ss_base", field_of(s.segments[x86::ss].base)},
        {"ss_limit", field_of(s.segments[x86::ss].limit)},
        {"ss_attributes", field_of(s.segments[x86::ss].attributes)},
        {"cstar", field_of(s.msr.cstar)},
        {"sysenter_cs", field_of(s.msr.sysenter_cs)},
        {"sysenter_esp", field_of(s.msr.sysenter_esp)},
        {"sysenter_eip", field_of(s.msr.sysenter_eip)},
        {"gdtr_base", field_of(s.gdtr.base)},
        {"gdtr_limit", field_of(s.gdtr.limit)},
        {"idtr_base", field_of(s.idtr.base)},
        {"idtr_limit", field_of(s.idtr.limit)},
        {"tr", field_of(s.tr.selector)},
        {"ldtr", field_of(s.ldtr.selector)},
        {"mxcsr", field_of(s.vector.mxcsr)},
        {"fcw", field_of(s.x87.control)},
        {"fsw", field_of(s.x87.status)},
        {"ftw", field_of(s.x87.valid)},
        {"retired", field_of(s.retired)},
    };
    const auto found = others.find(name);
    return found == others.end() ? Field{} : found->second;
}

} // namespace ringer::cases
