#include "machine.h"

#include "fields.h"

#include <cstdlib>
#include <cstring>

namespace ringer::cases {

namespace {

/// Intel SDM Vol. 3, 3.4.5; every one has its accessed bit set, so that loading it writes nothing.
constexpr std::array<u64, 11> descriptors = {
    0,
    0x00af'9b00'0000'ffff,                     // code64
    0x00cf'9300'0000'ffff,                     // data
    0x00cf'f300'0000'ffff,                     // user_data
    0x00af'fb00'0000'ffff,                     // user_code64
    0x00cf'9b00'0000'ffff,                     // code32
    0x0000'9b00'0000'ffff,                     // 16-bit code
    0x0000'9300'0000'ffff,                     // 16-bit data
    0x00cf'1300'0000'ffff,                     // data, not present
    0x0000'8b00'0000'0067 | layout::tss << 16, // busy TSS
    0,                                         // and its upper half in long mode
};

x86::Segment segment(u16 selector) {
    const u64 descriptor = descriptors[selector / 8];
    const bool pages = descriptor >> 55 & 1;
    const u32 limit = static_cast<u32>((descriptor & 0xffff) | (descriptor >> 32 & 0xf'0000));
    return {.selector = selector,
            .attributes = static_cast<u16>(descriptor >> 40 & 0xf0ff),
            .limit = pages ? limit << 12 | 0xfff : limit,
            .base = (descriptor >> 16 & 0xff'ffff) | (descriptor >> 56 & 0xff) << 24};
}

void enter_real_mode(x86::CpuState& state) {
    for (x86::Segment& each : state.segments) each = {0, 0x93, 0xffff, 0};
    state.segments[x86::cs].attributes = 0x9b;
    state.idtr = {0, 0x3ff};
    state.gpr[x86::rsp] = layout::handler_stack;
}

void enter_protected_mode(x86::CpuState& state) {
    for (x86::Segment& each : state.segments) each = segment(layout::data);
    state.segments[x86::cs] = segment(layout::code32);
    state.tr = segment(layout::task);
    state.idtr = {layout::idt, 256 * 8 - 1};
    state.cr0 = x86::cr0::pe | x86::cr0::mp | x86::cr0::et | x86::cr0::ne | x86::cr0::wp;
    state.gpr[x86::rsp] = layout::stack;
}

void enter_long_mode(x86::CpuState& state, bool user) {
    enter_protected_mode(state);
    for (x86::Segment& each : state.segments) each = segment(user ? layout::user_data : layout::data);
    state.segments[x86::cs] = segment(user ? layout::user_code64 : layout::code64);
    state.cpl = user ? 3 : 0;
    state.idtr.limit = 256 * 16 - 1;
    state.cr0 |= x86::cr0::pg;
    state.cr3 = layout::pml4;
    state.msr.efer = x86::efer::sce | x86::efer::lme | x86::efer::lma | x86::efer::nxe;
}

} // namespace

void BareMachine::Free::operator()(u8* bytes) const { std::free(bytes); }

BareMachine::BareMachine(const Case& one)
    : ram_(static_cast<u8*>(std::aligned_alloc(memory::page_size, layout::ram_size))) {
    std::memset(ram_.get(), 0, layout::ram_size);
    memory_.add_ram({0, {ram_.get(), layout::ram_size}});
    put_descriptors();
    put_page_tables();
    put_gates(one.mode);
    std::memset(ram_.get() + layout::handlers, 0xf4, 256);
    std::memcpy(ram_.get() + code_address(one.mode), one.code.data(), one.code.size());
}

void BareMachine::put(u64 address, u64 value, unsigned size) {
    std::memcpy(ram_.get() + address, &value, size);
}

void BareMachine::put_descriptors() {
    std::memcpy(ram_.get() + layout::gdt, descriptors.data(), sizeof(descriptors));
    // ESP0 and SS0 of a 32-bit TSS; in a 64-bit one the same bytes are RSP0, which SS0 must therefore not
    // spoil.
    put(layout::tss + 4, layout::handler_stack, 8);
    put(layout::tss + 0x66, 0x68, 2); // The I/O permission bitmap begins beyond the limit: there is none.
}

void BareMachine::put_page_tables() {
    constexpr u64 present_writable_user = 7;
    put(layout::pml4, layout::pdpt | present_writable_user, 8);
    put(layout::pdpt, layout::page_directory | present_writable_user, 8);
    put(layout::page_directory, layout::page_table | present_writable_user, 8);
    for (u64 page = 0; page < layout::ram_size; page += memory::page_size)
        put(layout::page_table + (page >> memory::page_shift) * 8, page | present_writable_user, 8);
}

void BareMachine::put_gates(Mode mode) {
    for (u64 vector = 0; vector < 256; ++vector) {
        const u64 handler = layout::handlers + vector;
        const bool for_programs = vector == 3 || vector == 4;
        const u64 gate = 0x8e00 | (for_programs ? 0x6000 : 0);
        if (mode == Mode::real16) {
            put(vector * 4, handler, 4);
        } else {
            const u16 selector = mode == Mode::prot32 ? layout::code32 : layout::code64;
            put(layout::idt + vector * (mode == Mode::prot32 ? 8 : 16),
                handler | u64{selector} << 16 | gate << 32, 8);
        }
    }
    if (mode == Mode::prot32) put(layout::tss + 8, layout::data, 2);
}

Result<x86::CpuState> initial_state(const Case& one) {
    x86::CpuState state;
    state.rip = code_address(one.mode);
    state.gdtr = {layout::gdt, sizeof(descriptors) - 1};
    state.cr4 = x86::cr4::pae | x86::cr4::osfxsr | x86::cr4::osxmmexcpt | x86::cr4::osxsave;
    state.xcr0 = 7;
    state.x87.control = 0x37f;
    state.x87.valid = 0;
    switch (one.mode) {
    case Mode::real16: enter_real_mode(state); break;
    case Mode::prot32: enter_protected_mode(state); break;
    case Mode::long64: enter_long_mode(state, false); break;
    case Mode::user64: enter_long_mode(state, true); break;
    }
    for (const Record& record : one.records) {
        if (record.kind != Record::Kind::given) continue;
        const Field field = find_field(state, record.name);
        if (!field.bytes) return user_error("{} gives '{}', which is no register", one.name, record.name);
        std::memcpy(field.bytes, record.values.data(), field.size);
    }
    return state;
}

} // namespace ringer::cases
