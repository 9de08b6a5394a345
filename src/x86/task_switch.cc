#include "x86/task_switch.h"

#include "x86/debug_registers.h"

namespace ringer::x86 {

namespace {

/// Where a TSS keeps things (Intel SDM Vol. 3, figures 7-2 and 7-10).
struct TssLayout {
    u32 lowest_limit;
    unsigned register_size;
    unsigned cr3; ///< 0: has none.
    unsigned rip, rflags, gpr, segments, segment_stride, segment_count, ldt;
    unsigned trap; ///< The T bit; 0: has none.
};

constexpr TssLayout tss_32_bit{.lowest_limit = 0x67,
                               .register_size = 4,
                               .cr3 = 0x1c,
                               .rip = 0x20,
                               .rflags = 0x24,
                               .gpr = 0x28,
                               .segments = 0x48,
                               .segment_stride = 4,
                               .segment_count = 6,
                               .ldt = 0x60,
                               .trap = 0x64};
constexpr TssLayout tss_16_bit{.lowest_limit = 0x2b,
                               .register_size = 2,
                               .cr3 = 0,
                               .rip = 0x0e,
                               .rflags = 0x10,
                               .gpr = 0x12,
                               .segments = 0x22,
                               .segment_stride = 2,
                               .segment_count = 4,
                               .ldt = 0x2a,
                               .trap = 0};

const TssLayout& layout_of(unsigned type) {
    return type == system_type::tss || type == system_type::busy_tss ? tss_32_bit : tss_16_bit;
}

/// What is loaded from a TSS.
struct TaskState {
    u64 cr3 = 0, rip = 0, rflags = 0;
    std::array<u64, 8> gpr{};
    std::array<u16, 6> selectors{};
    u16 ldt = 0;
    bool trap = false;
};

Guest<u64> read_field(Cpu& cpu, const TssLayout& layout, u64 address) {
    if (layout.register_size == 4) return TRY(system_load<u32>(cpu, address));
    return TRY(system_load<u16>(cpu, address));
}

Guest<void> write_field(Cpu& cpu, const TssLayout& layout, u64 address, u64 value) {
    if (layout.register_size == 4) return system_store<u32>(cpu, address, static_cast<u32>(value));
    return system_store<u16>(cpu, address, static_cast<u16>(value));
}

Guest<TaskState> read_task(Cpu& cpu, const TssLayout& layout, u64 base) {
    TaskState task;
    if (layout.cr3) task.cr3 = TRY(system_load<u32>(cpu, base + layout.cr3));
    task.rip = TRY(read_field(cpu, layout, base + layout.rip));
    task.rflags = TRY(read_field(cpu, layout, base + layout.rflags));
    for (unsigned i = 0; i < task.gpr.size(); ++i)
        task.gpr[i] = TRY(read_field(cpu, layout, base + layout.gpr + i * layout.register_size));
    for (unsigned i = 0; i < layout.segment_count; ++i)
        task.selectors[i] = TRY(system_load<u16>(cpu, base + layout.segments + i * layout.segment_stride));
    task.ldt = TRY(system_load<u16>(cpu, base + layout.ldt));
    if (layout.trap) task.trap = TRY(system_load<u16>(cpu, base + layout.trap)) & 1;
    return task;
}

Guest<void> save_task(Cpu& cpu, TaskSwitch reason) {
    const CpuState& state = cpu.state;
    const TssLayout& layout = layout_of(state.tr.type());
    const u64 base = state.tr.base;
    const u64 rflags = reason == TaskSwitch::interrupt_return ? state.rflags & ~flag::nt : state.rflags;
    TRY(write_field(cpu, layout, base + layout.rip, state.rip));
    TRY(write_field(cpu, layout, base + layout.rflags, rflags));
    for (unsigned i = 0; i < 8; ++i)
        TRY(write_field(cpu, layout, base + layout.gpr + i * layout.register_size, state.gpr[i]));
    for (unsigned i = 0; i < layout.segment_count; ++i)
        TRY(system_store<u16>(cpu, base + layout.segments + i * layout.segment_stride,
                              state.segments[i].selector));
    return {};
}

/// Busy bits and the link back to a task that is to be returned to. `nested`: CALL or an event.
Guest<void> link_tasks(Cpu& cpu, Descriptor& tss, u64 new_base, TaskSwitch reason) {
    const u16 old_selector = cpu.state.tr.selector;
    const bool nested = reason == TaskSwitch::call || reason == TaskSwitch::event;
    if (nested) TRY(system_store<u16>(cpu, new_base, old_selector));
    if (reason != TaskSwitch::interrupt_return) TRY(mark_busy(cpu, tss, true));
    if (!nested) {
        Descriptor old = TRY(read_descriptor(cpu, old_selector, Vector::invalid_tss));
        TRY(mark_busy(cpu, old, false));
    }
    return {};
}

/// The new task's registers, without the hidden parts of its segments: until those are checked, none can be
/// used.
void commit_registers(Cpu& cpu, const TaskState& task, const TssLayout& layout, TaskSwitch reason) {
    CpuState& state = cpu.state;
    u64 rflags = task.rflags;
    if (reason == TaskSwitch::call || reason == TaskSwitch::event) rflags |= flag::nt;
    state.rip = task.rip;
    if (layout.register_size == 2)
        rflags = (rflags & 0xffff) | (state.rflags & ~u64{0xffff} & ~(flag::rf | flag::vm));
    state.rflags = (rflags & flag::writable) | flag::reserved_one;
    for (unsigned i = 0; i < task.gpr.size(); ++i)
        state.gpr[i] = layout.register_size == 2 ? task.gpr[i] | 0xffff'0000 : task.gpr[i];
    for (unsigned i = 0; i < task.selectors.size(); ++i) state.segments[i] = {.selector = task.selectors[i]};
    state.ldtr = {.selector = task.ldt};
    state.cr0 |= cr0::ts;
    state.dr7 &= ~dr7::local_enables;
    if (layout.cr3 && (state.cr0 & cr0::pg)) {
        state.cr3 = task.cr3;
        cpu.tlb.flush_space();
    }
    cpu.request_check();
}

Guest<void> load_task_ldt(Cpu& cpu, u16 selector) {
    if (is_null(selector)) return {};
    if (selector & 4) return raise(cpu, Vector::invalid_tss, selector_error(selector));
    const Descriptor descriptor = TRY(read_descriptor(cpu, selector, Vector::invalid_tss));
    if (!descriptor.is_system(system_type::ldt) || !descriptor.present())
        return raise(cpu, Vector::invalid_tss, selector_error(selector));
    cpu.state.ldtr = segment_from(selector, descriptor);
    return {};
}

Guest<void> load_task_code(Cpu& cpu, u16 selector) {
    if (is_null(selector)) return raise(cpu, Vector::invalid_tss, 0);
    Descriptor descriptor = TRY(read_descriptor(cpu, selector, Vector::invalid_tss));
    const unsigned privilege = requested_privilege(selector);
    const bool privilege_fits =
        descriptor.is_conforming() ? descriptor.dpl() <= privilege : descriptor.dpl() == privilege;
    if (!descriptor.is_code() || !privilege_fits)
        return raise(cpu, Vector::invalid_tss, selector_error(selector));
    if (!descriptor.present()) return raise(cpu, Vector::segment_not_present, selector_error(selector));
    TRY(mark_accessed(cpu, descriptor));
    commit_code_segment(cpu, selector, descriptor, privilege);
    return {};
}

/// Like checked_segment(), but every failure that is #GP there is #TS here.
Guest<void> load_task_data(Cpu& cpu, SegmentRegister segment, u16 selector) {
    const auto loaded = checked_segment(cpu, segment, selector);
    if (loaded) {
        cpu.state.segments[segment] = *loaded;
        return {};
    }
    if (loaded.error() == Stop::exception && cpu.exception.vector == Vector::general_protection)
        cpu.exception.vector = Vector::invalid_tss;
    return std::unexpected(loaded.error());
}

Guest<void> load_task_segments(Cpu& cpu, const TaskState& task) {
    CpuState& state = cpu.state;
    TRY(load_task_ldt(cpu, task.ldt));
    if (cpu.virtual8086()) {
        for (unsigned i = 0; i < 6; ++i)
            load_real_segment(cpu, static_cast<SegmentRegister>(i), task.selectors[i]);
        return {};
    }
    TRY(load_task_code(cpu, task.selectors[cs]));
    state.segments[ss] = TRY(checked_stack_segment(cpu, task.selectors[ss], state.cpl, Vector::invalid_tss));
    for (const SegmentRegister segment : {ds, es, fs, gs})
        TRY(load_task_data(cpu, segment, task.selectors[segment]));
    if (state.rip > state.segments[cs].limit) return general_protection(cpu);
    return {};
}

/// The checks of a TSS descriptor that come before anything is read through it. IRET wants a busy one.
Guest<void> check_tss(Cpu& cpu, u16 selector, const Descriptor& tss, TaskSwitch reason, u32 external) {
    using namespace system_type;
    const bool returning = reason == TaskSwitch::interrupt_return;
    const u32 error = selector_error(selector) | external;
    const bool type_fits = returning ? tss.is_system(busy_tss16) || tss.is_system(busy_tss)
                                     : tss.is_system(tss16) || tss.is_system(system_type::tss);
    const bool in_gdt = !(selector & 4);
    if (!type_fits || !in_gdt)
        return raise(cpu, returning ? Vector::invalid_tss : Vector::general_protection, error);
    if (!tss.present()) return raise(cpu, Vector::segment_not_present, error);
    if (segment_from(selector, tss).limit < layout_of(tss.type()).lowest_limit)
        return raise(cpu, Vector::invalid_tss, error);
    return {};
}

} // namespace

Guest<bool> switch_task(Cpu& cpu, u16 selector, Descriptor tss, TaskSwitch reason, u32 external) {
    TRY(check_tss(cpu, selector, tss, reason, external));
    const TssLayout& layout = layout_of(tss.type());
    const u64 base = segment_from(selector, tss).base;
    const TaskState task = TRY(read_task(cpu, layout, base));
    TRY(save_task(cpu, reason));
    TRY(link_tasks(cpu, tss, base, reason));

    cpu.state.tr = segment_from(selector, tss);
    commit_registers(cpu, task, layout, reason);
    const bool to_virtual8086 = cpu.virtual8086();
    cpu.state.cpl = to_virtual8086 ? 3 : static_cast<u8>(requested_privilege(task.selectors[cs]));
    mode_changed(cpu);
    const auto loaded = load_task_segments(cpu, task);
    mode_changed(cpu);
    if (loaded || loaded.error() != Stop::exception) {
        if (task.trap) cpu.state.pending_debug |= dr6::bt;
        return true;
    }
    if (cpu.exception.vector != Vector::page_fault) cpu.exception.error_code |= external;
    return false;
}

Guest<bool> switch_through_gate(Cpu& cpu, const Descriptor& gate, TaskSwitch reason, u32 external) {
    const u16 selector = gate.gate_selector();
    if (selector & 4) return general_protection(cpu, selector_error(selector) | external);
    const Descriptor tss = TRY(read_descriptor(cpu, selector, Vector::general_protection, external));
    return switch_task(cpu, selector, tss, reason, external);
}

} // namespace ringer::x86
