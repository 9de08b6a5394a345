#include "cpu_state.h"

#include "base/assert.h"
#include "small_machine.h"
#include "x86/access.h"
#include "x86/x87_state.h"

#include <array>

namespace ringer::fuzz {

namespace {

using namespace x86;

/// Guest-physical addresses, which page tables map to themselves.
constexpr u64 descriptors = 0x1000, interrupts = 0x2000, task = 0x3000, local_descriptors = 0x4000;
constexpr u64 handlers = 0xd000, stack = 0x1'3000;
constexpr u16 task_limit = 0x67, table_limit = 0xff;
constexpr u16 task_selector = 0x80, local_selector = 0x90;

/// Selectors of `descriptors`, for CPL 0 and, 8 further, CPL 3.
constexpr u16 code16 = 0x08, code32 = 0x18, code64 = 0x28, data32 = 0x38, conforming = 0x48, stack16 = 0x58;

bool is_long_mode(CpuMode mode) { return mode >= CpuMode::compatibility16; }
bool has_descriptors(CpuMode mode) { return mode >= CpuMode::protected16; }

class Image {
  public:
    explicit Image(CpuMode mode) : mode_(mode), bytes_(SmallMachine::ram_size) {
        put_descriptors(descriptors);
        put_descriptors(local_descriptors);
        put_gates();
        put_task();
        put_page_tables();
        for (u64 vector = 0; vector < 256; ++vector) put_handler(vector);
    }
    std::vector<u8> take() { return std::move(bytes_); }

  private:
    template <class T>
    void put(u64 address, T value) {
        RINGER_ASSERT(address + sizeof(value) <= bytes_.size());
        std::memcpy(bytes_.data() + address, &value, sizeof(value));
    }

    void put_descriptors(u64 table) {
        constexpr std::array<std::pair<u16, u64>, 6> all{{{code16, 0x000f'9b00'0000'ffff},
                                                          {code32, 0x00cf'9b00'0000'ffff},
                                                          {code64, 0x00af'9b00'0000'ffff},
                                                          {data32, 0x00cf'9300'0000'ffff},
                                                          {conforming, 0x00cf'9f00'0000'ffff},
                                                          {stack16, 0x000f'9300'0000'ffff}}};
        constexpr u64 user = u64{3} << 45;
        for (const auto& [selector, descriptor] : all) {
            put(table + selector, descriptor);
            put(table + selector + 8, descriptor | user);
        }
        put(table + task_selector, 0x0000'8b00'0000'0000 | task_limit | task << 16);
        put(table + local_selector, 0x0000'8200'0000'0000 | table_limit | local_descriptors << 16);
        // A call gate of 32 bits, or 64, to code of CPL 0; and a task gate.
        const u16 code = is_long_mode(mode_) ? code64 : code32;
        put(table + 0xa0, 0x0000'ec00'0000'0000 | u64{code} << 16 | handlers);
        put(table + 0xb0, 0x0000'e500'0000'0000 | u64{task_selector} << 16);
    }

    /// HLT, but for most of the exceptions without an error code: IRET, in 64-bit code with REX.W.
    void put_handler(u64 vector) {
        constexpr u64 first_with_code = 8;
        put<u16>(handler(vector), vector < first_with_code ? 0xcf48 : 0xf4f4);
    }
    static u64 handler(u64 vector) { return handlers + 2 * vector; }

    void put_gates() {
        for (u64 vector = 0; vector < 256; ++vector) {
            if (mode_ == CpuMode::real) put<u16>(4 * vector, static_cast<u16>(handler(vector)));
            const u64 kind = vector % 2 ? 0xee00 : 0x8f00;
            const u16 code = is_long_mode(mode_) ? code64 : code32;
            const u64 gate = handler(vector) | u64{code} << 16 | kind << 32;
            put(interrupts + (is_long_mode(mode_) ? 16 : 8) * vector, gate);
            if (is_long_mode(mode_)) put(interrupts + 16 * vector + 8, u64{0});
        }
    }

    void put_task() {
        if (is_long_mode(mode_)) {
            for (u64 i = 0; i < 10; ++i) put(task + 4 + 8 * i, stack); // RSP0 to 2 and the interrupt stacks.
        } else {
            for (u64 i = 0; i < 3; ++i) {
                put(task + 4 + 8 * i, static_cast<u32>(stack));
                put(task + 8 + 8 * i, u16{data32});
            }
        }
        put(task + 0x66, u16{task_limit - 7}); // The permission bitmap holds some ports.
    }

    void put_page_tables() {
        constexpr u64 rights = 7, table = page_tables + 0x3000;
        const bool is_wide = is_long_mode(mode_);
        if (is_wide)
            for (u64 i = 0; i < 3; ++i)
                put(page_tables + 0x1000 * i, (page_tables + 0x1000 * (i + 1)) | rights);
        else
            put(page_tables, u32{static_cast<u32>(table | rights)});
        for (u64 page = 0; page < SmallMachine::ram_size / memory::page_size; ++page) {
            const u64 entry = page * memory::page_size | rights;
            if (is_wide)
                put(table + 8 * page, entry);
            else
                put(table + 4 * page, static_cast<u32>(entry));
        }
    }

    CpuMode mode_;
    std::vector<u8> bytes_;
};

/// What the input says is there. Each bit of its first word stands for a part of the state.
class StateMaker {
  public:
    StateMaker(CpuMode mode, const CpuModel& model, Input& input)
        : mode_(mode), model_(model), input_(input) {}

    CpuState run() {
        parts_ = input_.take<u16>();
        state_.cpl = mode_ == CpuMode::real ? 0 : mode_ == CpuMode::virtual8086 ? 3 : input_.take<u8>() & 3;
        choose_control_registers();
        choose_flags();
        choose_segments();
        choose_tables();
        for (unsigned i = 0; i < 16; ++i) state_.gpr[i] = 0x1'1000 + 0x100 * i;
        state_.gpr[rsp] = stack;
        if (has_part())
            for (u64& value : state_.gpr) value = input_.take<u64>();
        // Most repetitions are to end soon.
        if (state_.gpr[rcx] >> 56 != 0xff) state_.gpr[rcx] &= 0xff;
        state_.rip = code_address & (mode_ <= CpuMode::virtual8086 ? 0xffff : ~u64{0});
        if (has_part()) state_.rip = address();
        if (has_part()) choose_x87();
        if (has_part()) choose_vectors();
        if (has_part()) choose_debug_registers();
        if (has_part()) choose_events();
        if (has_part()) choose_model_registers();
        return state_;
    }

  private:
    bool has_part() {
        const bool has = parts_ & 1;
        parts_ >>= 1;
        return has;
    }

    /// A linear address that is one, or an offset.
    u64 address() {
        const u64 value = input_.take<u64>();
        if (mode_ != CpuMode::long64) return static_cast<u32>(value);
        return static_cast<u64>(static_cast<i64>(value << 16) >> 16);
    }

    void choose_control_registers() {
        const bool is_long = is_long_mode(mode_);
        state_.cr0 = cr0::et | cr0::ne | cr0::wp | cr0::am;
        state_.cr4 = cr4::osfxsr | cr4::osxmmexcpt | cr4::osxsave;
        state_.msr.efer = efer::sce | efer::nxe;
        state_.xcr0 = model_.xcr0_supported;
        state_.cr3 = page_tables;
        if (has_part()) {
            state_.cr0 = input_.take<u32>() &
                         (cr0::mp | cr0::em | cr0::ts | cr0::ne | cr0::wp | cr0::am | cr0::cd | cr0::pg);
            state_.cr0 |= cr0::et;
            state_.cr4 = input_.take<u32>() & model_.cr4_supported & ~(is_long ? 0 : cr4::pcide | cr4::pae);
            state_.msr.efer = input_.take<u16>() & model_.efer_supported & (efer::sce | efer::nxe);
            state_.xcr0 = (input_.take<u8>() & model_.xcr0_supported) | 1;
            if ((state_.xcr0 & 6) == 4) state_.xcr0 = 1;
        }
        if (has_part()) state_.cr3 = input_.take<u64>() & ~(~u64{0} << model_.physical_bits);
        if (mode_ == CpuMode::real)
            state_.cr0 &= ~cr0::pg;
        else
            state_.cr0 |= cr0::pe;
        if (!is_long) {
            state_.cr3 = static_cast<u32>(state_.cr3);
            return;
        }
        state_.cr0 |= cr0::pg;
        state_.cr4 |= cr4::pae;
        state_.msr.efer |= efer::lme | efer::lma;
    }

    void choose_flags() {
        u64 flags = has_part() ? input_.take<u32>() & flag::writable & ~flag::vm : 0;
        if (mode_ == CpuMode::virtual8086) flags |= flag::vm;
        state_.rflags = flags | flag::reserved_one;
    }

    void choose_segments() {
        const bool chooses = has_part();
        if (!has_descriptors(mode_)) {
            for (Segment& segment : state_.segments) {
                segment = {.selector = 0, .attributes = 0x93, .limit = 0xffff, .base = 0};
                if (mode_ == CpuMode::virtual8086) segment.attributes = 0xf3;
                if (chooses) segment.selector = input_.take<u16>();
                segment.base = u64{segment.selector} << 4;
            }
            Segment& code = state_.segments[cs];
            if (!chooses)
                code = {
                    .selector = 0x1000, .attributes = code.attributes, .limit = 0xffff, .base = code_address};
            return;
        }
        for (unsigned i = 0; i < 6; ++i) state_.segments[i] = protected_segment(i, chooses);
    }

    /// One that could have been loaded at this privilege level.
    Segment protected_segment(unsigned number, bool chooses) {
        const auto level = static_cast<u16>(state_.cpl);
        Segment segment{.selector = static_cast<u16>((data32 + (level ? 8 : 0)) | level),
                        .attributes = 0xc093,
                        .limit = 0xffff'ffff,
                        .base = 0};
        if (chooses) {
            segment.selector = static_cast<u16>((input_.take<u16>() & ~u16{3}) | level);
            segment.attributes = static_cast<u16>((input_.take<u16>() & 0xd00f) | 0x91);
            segment.limit = input_.take<u32>();
            segment.base = input_.take<u32>();
        }
        if (number == cs) make_code(segment, chooses);
        if (number == ss) segment.attributes = static_cast<u16>((segment.attributes & ~u16{8}) | 2);
        segment.attributes = static_cast<u16>(segment.attributes | level << 5);
        const bool is_code = segment.attributes & 8;
        if (number != cs && is_code) segment.attributes |= 2; // Readable.
        if (number != cs && number != ss && chooses && (segment.selector & 0x8000))
            segment = {.selector = level};
        if (mode_ == CpuMode::long64 && number >= fs && chooses) segment.base = address();
        return segment;
    }

    void make_code(Segment& segment, bool chooses) {
        constexpr u16 is_long = 0x2000, is_32_bit = 0x4000;
        const bool is_conforming = chooses && (segment.attributes & 4);
        segment.attributes = static_cast<u16>((segment.attributes & 0x90f3) | (is_conforming ? 0xf : 0xb));
        if (!chooses)
            segment.selector = static_cast<u16>((code_selector() + (state_.cpl ? 8 : 0)) | state_.cpl);
        if (mode_ == CpuMode::long64) segment.attributes |= is_long;
        if (mode_ == CpuMode::protected32 || mode_ == CpuMode::compatibility32)
            segment.attributes |= is_32_bit;
    }

    u16 code_selector() const {
        switch (mode_) {
        case CpuMode::long64: return code64;
        case CpuMode::protected32:
        case CpuMode::compatibility32: return code32;
        default: return code16;
        }
    }

    void choose_tables() {
        const u16 interrupt_limit = mode_ == CpuMode::real ? 0x3ff : is_long_mode(mode_) ? 0xfff : 0x7ff;
        state_.gdtr = {descriptors, table_limit};
        state_.idtr = {mode_ == CpuMode::real ? 0 : interrupts, interrupt_limit};
        state_.tr = {.selector = task_selector, .attributes = 0x8b, .limit = task_limit, .base = task};
        state_.ldtr = {
            .selector = local_selector, .attributes = 0x82, .limit = table_limit, .base = local_descriptors};
        if (!has_part()) return;
        for (DescriptorTable* table : {&state_.gdtr, &state_.idtr}) *table = {address(), input_.take<u16>()};
        for (Segment* segment : {&state_.tr, &state_.ldtr}) {
            segment->base = address();
            segment->limit = input_.take<u32>();
        }
        const u8 kinds = input_.take<u8>();
        if (kinds & 1) state_.ldtr = {};
        if ((kinds & 2) && !is_long_mode(mode_)) state_.tr.attributes = 0x83; // Of 16 bits.
    }

    void choose_x87() {
        X87State& x87 = state_.x87;
        x87.status = input_.take<u16>();
        set_x87_control(x87, input_.take<u16>());
        x87.valid = input_.take<u8>();
        x87.opcode = input_.take<u16>() & 0x7ff;
        x87.instruction_pointer = input_.take<u64>();
        x87.data_pointer = input_.take<u64>();
        for (auto& number : x87.st) {
            const auto bytes = input_.take_bytes(10);
            std::ranges::copy(bytes, number.begin());
        }
    }

    void choose_vectors() {
        state_.vector.mxcsr = input_.take<u16>();
        for (auto& ymm : state_.vector.ymm) ymm.fill(input_.take<u8>());
        const auto bytes = input_.take_bytes(32);
        std::ranges::copy(bytes, state_.vector.ymm[input_.take<u8>() & 15].begin());
    }

    void choose_debug_registers() {
        for (u64& breakpoint : state_.dr) breakpoint = address();
        state_.dr6 = (input_.take<u32>() & 0xe00f) | 0xffff'0ff0;
        state_.dr7 = (input_.take<u32>() & 0xffff'2fff) | 0x400;
    }

    void choose_events() {
        const u8 events = input_.take<u8>();
        state_.interrupt_shadow = static_cast<InterruptShadow>((events & 3) % 3);
        state_.nmi_pending = events & 4;
        state_.nmi_blocked = events & 8;
        if (events & 16) state_.pending_debug = input_.take<u8>() & 0xf;
        if (events & 32) state_.activity = Activity::halted;
    }

    void choose_model_registers() {
        ModelSpecificRegisters& msr = state_.msr;
        msr.star = input_.take<u64>();
        for (u64* target :
             {&msr.lstar, &msr.cstar, &msr.kernel_gs_base, &msr.sysenter_esp, &msr.sysenter_eip})
            *target = static_cast<u64>(static_cast<i64>(input_.take<u64>() << 16) >> 16);
        msr.fmask = input_.take<u32>();
        msr.sysenter_cs = input_.take<u16>();
        msr.tsc_offset = input_.take<u64>();
        msr.tsc_aux = input_.take<u32>();
    }

    CpuMode mode_;
    const CpuModel& model_;
    Input& input_;
    u16 parts_ = 0;
    CpuState state_;
};

} // namespace

const std::vector<u8>& memory_for(CpuMode mode) {
    static const auto images = [] {
        std::array<std::vector<u8>, cpu_modes> all;
        for (unsigned i = 0; i < cpu_modes; ++i) all[i] = Image(static_cast<CpuMode>(i)).take();
        return all;
    }();
    return images[static_cast<unsigned>(mode)];
}

CpuState make_state(CpuMode mode, const CpuModel& model, Input& input) {
    return StateMaker(mode, model, input).run();
}

void check_state(const CpuState& state, const CpuModel& model) {
    const bool is_virtual = state.rflags & flag::vm, is_real = !(state.cr0 & cr0::pe);
    const bool is_long = state.msr.efer & efer::lma;
    RINGER_ASSERT((state.rflags & ~flag::writable) == flag::reserved_one);
    RINGER_ASSERT(!(state.cr0 & cr0::pg) || !is_real);
    RINGER_ASSERT(is_long == ((state.msr.efer & efer::lme) && (state.cr0 & cr0::pg)));
    RINGER_ASSERT(!is_long || (state.cr4 & cr4::pae));
    RINGER_ASSERT((state.cr4 & ~model.cr4_supported) == 0 && (state.xcr0 & ~model.xcr0_supported) == 0);
    RINGER_ASSERT(!is_virtual || (state.cpl == 3 && !is_long && !is_real));
    RINGER_ASSERT(!is_real || state.cpl == 0);
    RINGER_ASSERT(state.vector.mxcsr <= 0xffff && state.x87.opcode <= 0x7ff);
    for (const auto& number : state.x87.st)
        RINGER_ASSERT(
            std::ranges::all_of(number.begin() + 10, number.end(), [](u8 byte) { return byte == 0; }));
    const Segment& code = state.segments[cs];
    const bool is_conforming = code.is_code() && (code.attributes & 4);
    if (!is_real && !is_virtual)
        RINGER_ASSERT(is_conforming ? code.dpl() <= state.cpl : code.dpl() == state.cpl);
    if (is_long && code.is_long()) RINGER_ASSERT(is_canonical(state.rip));
    if (is_long)
        for (const SegmentRegister number : {fs, gs})
            RINGER_ASSERT(is_canonical(state.segments[number].base));
}

bool have_same_translations(const std::vector<u8>& ram, const std::vector<u8>& other) {
    constexpr u64 size = 4 * memory::page_size;
    constexpr u64 accessed_and_dirty = 0x60'0000'0060; // Of an entry of 8 bytes, or two of 4.
    u64 difference = 0;
    for (u64 at = page_tables; at < page_tables + size; at += 8) {
        u64 entry, other_entry;
        std::memcpy(&entry, &ram[at], 8);
        std::memcpy(&other_entry, &other[at], 8);
        difference |= entry ^ other_entry;
    }
    return (difference & ~accessed_and_dirty) == 0;
}

} // namespace ringer::fuzz
