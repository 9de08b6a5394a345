#include "boot/initial_state.h"

#include "base/assert.h"
#include "base/bits.h"
#include "boot/little_endian.h"
#include "boot/low_memory.h"

#include <vector>

namespace ringer::boot {

namespace {

/// Segment::attributes of flat segments: G, P, and accessed; D or L for code, B for data.
constexpr u16 code_32_attributes = 0xc09b, code_64_attributes = 0xa09b, data_attributes = 0xc093;
constexpr u16 busy_tss_attributes = 0x008b;

/// A descriptor of base 0 and limit 4 GiB - 1 (Intel SDM Vol. 3, figure 3-8).
constexpr u64 flat_descriptor(u16 attributes) { return u64{0x000f'0000'0000'ffff} | u64{attributes} << 40; }

void write(memory::AddressSpace& memory, GuestPhysical address, std::span<const u8> bytes) {
    RINGER_ASSERT(memory.write_ram(address, bytes));
}

/// What firmware leaves behind whichever way the kernel is entered: caches on, all memory write-back, an
/// empty IDT (an exception before the kernel has its own is a triple fault), and flat segments.
x86::CpuState flat_state(memory::AddressSpace& memory, GuestPhysical entry, u16 code_attributes) {
    std::vector<u8> table;
    for (u64 descriptor :
         {u64{0}, u64{0}, flat_descriptor(code_attributes), flat_descriptor(data_attributes)})
        append(table, descriptor);
    write(memory, low_memory::descriptor_table, table);

    x86::CpuState state;
    state.rip = entry;
    state.rflags = x86::flag::reserved_one;
    const x86::Segment data{boot_data_selector, data_attributes, 0xffff'ffff, 0};
    state.segments.fill(data);
    state.segments[x86::cs] = {boot_code_selector, code_attributes, 0xffff'ffff, 0};
    state.ldtr = {};
    state.tr = {0, busy_tss_attributes, 0x67, 0};
    state.gdtr = {low_memory::descriptor_table, static_cast<u16>(table.size() - 1)};
    state.idtr = {};
    state.cr0 = x86::cr0::pe | x86::cr0::et;
    state.msr.mtrr_default = 1 << 11 | 6;
    state.cpl = 0;
    return state;
}

/// Four-level page tables of 2 MiB pages over the first 4 GiB (Intel SDM Vol. 3, 4.5).
void write_identity_map(memory::AddressSpace& memory) {
    constexpr u64 table_size = 4 * KiB, large_page = 2 * MiB, directories = 4;
    constexpr u64 present_writable = 0b11, is_large_page = 1 << 7;
    constexpr GuestPhysical pointers = low_memory::page_tables + table_size;
    constexpr GuestPhysical first_directory = pointers + table_size;

    std::vector<u8> tables((2 + directories) * table_size);
    put(tables, 0, pointers | present_writable);
    for (u64 i = 0; i < directories; ++i)
        put(tables, table_size + i * 8, (first_directory + i * table_size) | present_writable);
    for (u64 i = 0; i < directories * 512; ++i)
        put(tables, 2 * table_size + i * 8, i * large_page | present_writable | is_large_page);
    write(memory, low_memory::page_tables, tables);
}

} // namespace

x86::CpuState protected_mode_state(memory::AddressSpace& memory, GuestPhysical entry) {
    return flat_state(memory, entry, code_32_attributes);
}

x86::CpuState long_mode_state(memory::AddressSpace& memory, GuestPhysical entry) {
    write_identity_map(memory);
    x86::CpuState state = flat_state(memory, entry, code_64_attributes);
    state.cr0 |= x86::cr0::pg;
    state.cr3 = low_memory::page_tables;
    state.cr4 = x86::cr4::pae;
    state.msr.efer = x86::efer::lme | x86::efer::lma;
    return state;
}

} // namespace ringer::boot
