#include "x86/debug_registers.h"

namespace ringer::x86 {

namespace {

enum class BreakOn : u8 { execution, write, port, read_or_write };

/// One of the four breakpoints, as DR7 describes it.
struct Breakpoint {
    bool enabled;
    BreakOn kind;
    unsigned size;
    u64 address;
};

Breakpoint breakpoint(const CpuState& state, unsigned index) {
    constexpr std::array<unsigned, 4> sizes{1, 2, 8, 4};
    const unsigned size = sizes[(state.dr7 >> (18 + 4 * index)) & 3];
    return {.enabled = ((state.dr7 >> (2 * index)) & 3) != 0,
            .kind = static_cast<BreakOn>((state.dr7 >> (16 + 4 * index)) & 3),
            .size = size,
            .address = state.dr[index] & ~u64{size - 1}};
}

bool overlaps(const Breakpoint& breakpoint, u64 address, unsigned size) {
    return address < breakpoint.address + breakpoint.size && breakpoint.address < address + size;
}

/// Makes the bits of the breakpoints that `hit` accepts pending.
template <class Hit>
void note_hits(Cpu& cpu, Hit&& hit) {
    CpuState& state = cpu.state;
    for (unsigned index = 0; index < 4; ++index) {
        const Breakpoint candidate = breakpoint(state, index);
        if (candidate.enabled && hit(candidate)) state.pending_debug |= u64{1} << index;
    }
    if (state.pending_debug) cpu.request_check();
}

} // namespace

std::unexpected<Stop> raise_debug(Cpu& cpu, u64 dr6_bits) {
    cpu.exception = {.vector = Vector::debug, .has_error_code = false, .error_code = 0, .address = dr6_bits};
    return std::unexpected(Stop::exception);
}

bool has_code_breakpoint(const Cpu& cpu) {
    if (!(cpu.state.dr7 & 0xff)) return false;
    for (unsigned index = 0; index < 4; ++index) {
        const Breakpoint candidate = breakpoint(cpu.state, index);
        if (candidate.enabled && candidate.kind == BreakOn::execution) return true;
    }
    return false;
}

u64 code_breakpoints_at(const Cpu& cpu, u64 linear) {
    u64 hits = 0;
    for (unsigned index = 0; index < 4; ++index) {
        const Breakpoint candidate = breakpoint(cpu.state, index);
        if (candidate.enabled && candidate.kind == BreakOn::execution && cpu.state.dr[index] == linear)
            hits |= u64{1} << index;
    }
    return hits;
}

void note_data_access(Cpu& cpu, u64 linear, unsigned size, Access access) {
    if (!(cpu.state.dr7 & 0xff) || access == Access::execute) return;
    note_hits(cpu, [&](const Breakpoint& candidate) {
        const bool kind_matches = candidate.kind == BreakOn::read_or_write ||
                                  (candidate.kind == BreakOn::write && access == Access::write);
        return kind_matches && overlaps(candidate, linear, size);
    });
}

void note_port_access(Cpu& cpu, u16 port, unsigned size) {
    if (!(cpu.state.dr7 & 0xff) || !(cpu.state.cr4 & cr4::de)) return;
    note_hits(cpu, [&](const Breakpoint& candidate) {
        return candidate.kind == BreakOn::port && overlaps(candidate, port, size);
    });
}

} // namespace ringer::x86
