#include "x86/paging.h"

#include "base/bits.h"
#include "x86/cpuid.h"

namespace ringer::x86 {

namespace {

namespace entry_bit {
constexpr u64 present = 1 << 0, write = 1 << 1, user = 1 << 2, accessed = 1 << 5, dirty = 1 << 6;
constexpr u64 large = 1 << 7, global = 1 << 8, no_execute = u64{1} << 63;
} // namespace entry_bit

namespace error {
constexpr u32 protection = 1, write = 2, user = 4, reserved = 8, fetch = 16;
} // namespace error

/// One format of paging structures: 32-bit, PAE, or 4-level.
struct PagingMode {
    unsigned levels;
    unsigned index_bits; ///< Of a linear address, for each level.
    unsigned entry_bytes;
};

constexpr PagingMode paging_32_bit{2, 10, 4};
constexpr PagingMode paging_pae{3, 9, 8};
constexpr PagingMode paging_4_level{4, 9, 8};

PagingMode paging_mode(const Cpu& cpu) {
    if (cpu.long_mode_active()) return paging_4_level;
    return cpu.state.cr4 & cr4::pae ? paging_pae : paging_32_bit;
}

/// What a walk has found: the entries on the way, and what they add up to.
struct Walk {
    struct Step {
        GuestPhysical address;
        u64 entry;
    };
    std::array<Step, 4> steps{};
    unsigned depth = 0; ///< Steps taken.
    u64 page_bytes = 0;
    GuestPhysical page = 0;
    bool writable = true, user = true, executable = true;
    bool present = false, reserved = false, is_global = false;
};

/// Page tables in device memory read as that memory answers; an answer that is late reads as not present.
u64 read_entry(memory::AddressSpace& memory, GuestPhysical address, unsigned size) {
    u64 entry = 0;
    if (const u8* host = memory.ram(address))
        __builtin_memcpy(&entry, host, size);
    else if (memory.read(address, size, entry) != memory::Answer::now)
        return 0;
    return entry;
}

void write_entry(Cpu& cpu, GuestPhysical address, unsigned size, u64 entry) {
    (void)cpu.surroundings.memory().write(address, size, entry);
}

/// Reserved bits of an entry that must be zero (Intel SDM Vol. 3, tables 4-4 to 4-20; AMD APM Vol. 2, 5.3.3:
/// AMD reserves the global bit in upper entries that map no page).
u64 reserved_bits(const Cpu& cpu, const PagingMode& mode, unsigned level, bool large) {
    if (mode.entry_bytes == 4) // PSE-36 gives bits 20:13 of a 4 MiB entry to address bits 39:32.
        return large ? u64{1} << 21 : 0;
    u64 reserved = bits(~u64{0}, 0, 52 - cpu.model.physical_bits) << cpu.model.physical_bits;
    if (!(cpu.state.msr.efer & efer::nxe)) reserved |= entry_bit::no_execute;
    if (mode.levels == 3 && level == 3) return reserved | entry_bit::no_execute | 0x1e6;
    if (mode.levels == 3) reserved |= u64{0x7ff} << 52;
    if (level == 4) reserved |= entry_bit::large;
    if (cpu.model.is_amd && level >= 3 && !large) reserved |= entry_bit::global;
    if (large) {
        const unsigned page_bits = 12 + mode.index_bits * (level - 1);
        reserved |= bits(~u64{0}, 13, page_bits - 13) << 13;
    }
    return reserved;
}

bool is_large(const Cpu& cpu, const PagingMode& mode, unsigned level, u64 entry) {
    if (level == 1 || !(entry & entry_bit::large)) return false;
    if (mode.entry_bytes == 4) return cpu.state.cr4 & cr4::pse;
    return level == 2 || (level == 3 && mode.levels == 4);
}

/// The physical address of a page of 2 to the power `page_bits` bytes.
GuestPhysical page_address(const PagingMode& mode, u64 entry, unsigned page_bits) {
    if (mode.entry_bytes == 4 && page_bits == 22) return (entry & 0xffc0'0000) | bits(entry, 13, 8) << 32;
    return entry & 0x000f'ffff'ffff'ffff & ~((u64{1} << page_bits) - 1);
}

GuestPhysical root_table(const Cpu& cpu, const PagingMode& mode) {
    if (mode.levels == 3) return cpu.state.cr3 & 0xffff'ffe0;
    return cpu.state.cr3 & (mode.levels == 4 ? 0x000f'ffff'ffff'f000 : 0xffff'f000);
}

template <PagingMode mode>
Walk walk_in(Cpu& cpu, u64 linear) {
    memory::AddressSpace& memory = cpu.surroundings.memory();
    Walk result;
    GuestPhysical table = root_table(cpu, mode);
    for (unsigned level = mode.levels; level >= 1; --level) {
        const unsigned page_bits = 12 + mode.index_bits * (level - 1);
        const u64 index = bits(linear, page_bits, mode.levels == 3 && level == 3 ? 2 : mode.index_bits);
        const GuestPhysical address = table + index * mode.entry_bytes;
        const u64 entry = read_entry(memory, address, mode.entry_bytes);
        result.steps[result.depth++] = {address, entry};
        if (!(entry & entry_bit::present)) return result;
        const bool large = is_large(cpu, mode, level, entry);
        if (entry & reserved_bits(cpu, mode, level, large)) {
            result.reserved = true;
            return result;
        }
        const bool is_pdpte = mode.levels == 3 && level == 3; // Has no rights and no accessed bit.
        if (!is_pdpte) {
            result.writable &= (entry & entry_bit::write) != 0;
            result.user &= (entry & entry_bit::user) != 0;
            result.executable &= !(mode.entry_bytes == 8 && (entry & entry_bit::no_execute));
        }
        if (level == 1 || large) {
            result.page_bytes = u64{1} << page_bits;
            result.page = page_address(mode, entry, page_bits);
            result.is_global = (entry & entry_bit::global) && (cpu.state.cr4 & cr4::pge);
            result.present = true;
            return result;
        }
        table = page_address(mode, entry, 12);
    }
    return result;
}

/// Each mode has its own code: there are many walks.
Walk walk(Cpu& cpu, u64 linear) {
    switch (paging_mode(cpu).levels) {
    case paging_4_level.levels: return walk_in<paging_4_level>(cpu, linear);
    case paging_pae.levels: return walk_in<paging_pae>(cpu, linear);
    default: return walk_in<paging_32_bit>(cpu, linear);
    }
}

bool permitted(const Cpu& cpu, const Walk& walk, const AccessRights& rights, Access access) {
    if (rights.user && !walk.user) return false;
    switch (access) {
    case Access::read: break;
    case Access::write:
        if (!walk.writable && (rights.user || (cpu.state.cr0 & cr0::wp))) return false;
        break;
    case Access::execute:
        if (!walk.executable) return false;
        return rights.user || !walk.user || !(cpu.state.cr4 & cr4::smep);
    }
    return rights.user || !walk.user || !rights.user_pages_closed;
}

u32 error_code(const Cpu& cpu, const Walk& walk, const AccessRights& rights) {
    u32 code = walk.present || walk.reserved ? error::protection : 0;
    if (walk.reserved) code |= error::reserved;
    if (rights.access == Access::write) code |= error::write;
    if (rights.user) code |= error::user;
    const bool fetches_are_told =
        (cpu.state.cr4 & cr4::smep) || ((cpu.state.cr4 & cr4::pae) && (cpu.state.msr.efer & efer::nxe));
    if (rights.access == Access::execute && fetches_are_told) code |= error::fetch;
    return code;
}

/// An entry of the walk as one that was used.
u64 used_entry(const Cpu& cpu, const Walk& walk, unsigned step, bool dirty) {
    const u64 entry = walk.steps[step].entry;
    const bool is_pdpte = paging_mode(cpu).levels == 3 && step == 0;
    if (is_pdpte) return entry;
    const bool becomes_dirty = dirty && step + 1 == walk.depth;
    return entry | entry_bit::accessed | (becomes_dirty ? entry_bit::dirty : 0);
}

bool is_marked(const Cpu& cpu, const Walk& walk, bool dirty) {
    for (unsigned i = 0; i < walk.depth; ++i)
        if (walk.steps[i].entry != used_entry(cpu, walk, i, dirty)) return false;
    return true;
}

/// Sets the accessed bits on the way and, for a write, the leaf's dirty bit.
void mark_used(Cpu& cpu, Walk& walk, bool dirty) {
    for (unsigned i = 0; i < walk.depth; ++i) {
        Walk::Step& step = walk.steps[i];
        const u64 entry = used_entry(cpu, walk, i, dirty);
        if (entry == step.entry) continue;
        step.entry = entry;
        write_entry(cpu, step.address, paging_mode(cpu).entry_bytes, entry);
    }
}

Translation without_paging(u64 linear) {
    return {.address = linear, .page = {4 * GiB, false}, .writable = true};
}

/// By a walk that has found what is permitted.
Translation translation_by(const Cpu& cpu, const Walk& walk, u64 linear, const AccessRights& rights) {
    const u64 leaf = walk.steps[walk.depth - 1].entry;
    return {.address = walk.page | (linear & (walk.page_bytes - 1)),
            .page = {walk.page_bytes, walk.is_global},
            .writable = (leaf & entry_bit::dirty) && permitted(cpu, walk, rights, Access::write)};
}

} // namespace

Guest<Translation> translate(Cpu& cpu, u64 linear, const AccessRights& rights) {
    if (!(cpu.state.cr0 & cr0::pg)) return without_paging(linear);
    Walk found = walk(cpu, linear);
    if (!found.present || !permitted(cpu, found, rights, rights.access))
        return raise_page_fault(cpu, linear, error_code(cpu, found, rights));
    mark_used(cpu, found, rights.access == Access::write);
    return translation_by(cpu, found, linear, rights);
}

std::optional<Translation> foresee(Cpu& cpu, u64 linear, const AccessRights& rights) {
    if (!(cpu.state.cr0 & cr0::pg)) return without_paging(linear);
    const Walk found = walk(cpu, linear);
    if (!found.present || !permitted(cpu, found, rights, rights.access)) return std::nullopt;
    if (!is_marked(cpu, found, rights.access == Access::write)) return std::nullopt;
    return translation_by(cpu, found, linear, rights);
}

std::optional<GuestPhysical> inspect_translation(Cpu& cpu, u64 linear) {
    if (!(cpu.state.cr0 & cr0::pg)) return linear;
    const Walk found = walk(cpu, linear);
    if (!found.present) return std::nullopt;
    return found.page | (linear & (found.page_bytes - 1));
}

} // namespace ringer::x86
