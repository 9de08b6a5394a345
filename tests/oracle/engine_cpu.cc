#include "engine_cpu.h"

#include "base/assert.h"
#include "layout.h"
#include "trial_memory.h"
#include "x86/segmentation.h"

#include <cstring>

namespace ringer::oracle {

namespace {

/// Guest-physical addresses. All of it is mapped at `kernel` as well.
constexpr u64 gdt = 0x0, idt = 0x1000, handlers = 0x2000, task_state = 0x3000, kernel_stack_end = 0x8000;
constexpr u64 ldt = 0x800; // Behind the GDT.
constexpr u64 page_map = 0x9000, first_table = 0xa000;
constexpr u64 object_base = 0x2'0000, ram_size = 0x4'0000;
static_assert(object_base + layout::size <= ram_size);
constexpr u64 kernel = 0xffff'8000'0000'0000;

/// Where the guest's kernel has its own descriptors, as Linux has: DPL 0, so that a process cannot see them.
constexpr u16 kernel_code = 0x10, task = 0x40, local_table = 0x50;
constexpr u64 kernel_code_descriptor = 0x00af'9b00'0000'ffff;
constexpr u16 task_limit = 0x67;
constexpr u16 gdt_limit = 0x7f;

constexpr u64 present = 1, writable = 2, user = 4, execute_disable = u64{1} << 63;
/// Instructions after which a trial counts as endless.
constexpr u64 budget = 2'000;

constexpr u64 stub_bytes = 8 * MiB, translation_bytes = 4 * MiB;

host::CodeMemory allocate_code_memory() {
    auto memory = host::CodeMemory::allocate(stub_bytes + translation_bytes);
    RINGER_ASSERT(memory);
    return *std::move(memory);
}

host::HostRam allocate_ram() {
    auto ram = host::HostRam::allocate(ram_size);
    RINGER_ASSERT(ram);
    return *std::move(ram);
}

bool pushes_error_code(u64 vector) { return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17; }

} // namespace

GuestMachine::GuestMachine(std::span<const VisibleDescriptor> descriptors, bool has_local_segments)
    : ram_(allocate_ram()), next_table_(first_table) {
    memory_.add_ram({0, ram_.bytes()});
    put_tables(descriptors);
    put_pages();
    std::memset(ram_.bytes().data() + handlers, 0xf4, 256);
    clear_code(object());

    x86::CpuState& state = initial_;
    state.segments.fill({});
    state.tr = {task, 0x8b, task_limit, kernel + task_state};
    state.gdtr = {kernel + gdt, gdt_limit};
    state.idtr = {kernel + idt, 256 * 16 - 1};
    using namespace x86;
    state.cr0 = cr0::pe | cr0::mp | cr0::et | cr0::ne | cr0::wp | cr0::am | cr0::pg;
    state.cr3 = page_map;
    state.cr4 = cr4::pae | cr4::osfxsr | cr4::osxmmexcpt | cr4::osxsave | cr4::fsgsbase;
    state.xcr0 = 7;
    state.msr.efer = efer::sce | efer::lme | efer::lma | efer::nxe;
    state.cpl = 3;
    if (has_local_segments) put_local_segments();
}

void GuestMachine::put_local_segments() {
    for (const LocalSegment& one : local_segments) store(ldt + (one.selector & ~7u), descriptor_of(one));
    constexpr u16 limit = local_segments.size() * 8 - 1;
    initial_.ldtr = {local_table, 0x82, limit, kernel + ldt};
}

std::span<u8> GuestMachine::object() { return ram_.bytes().subspan(object_base, layout::size); }

x86::Segment GuestMachine::segment(u16 selector) const {
    if (x86::is_null(selector)) return {.selector = selector};
    const u64 table = selector & 4 ? ldt : gdt;
    return x86::segment_from(selector, {.low = load(table + (selector & ~7u))});
}

u64 GuestMachine::kernel_stack_value(u64 linear) const { return load(linear - kernel); }

u64 GuestMachine::handler_vector(u64 rip) { return rip - kernel - handlers; }

u64 GuestMachine::load(u64 physical) const {
    u64 value;
    RINGER_ASSERT(physical <= ram_size - sizeof(value));
    std::memcpy(&value, ram_.bytes().data() + physical, sizeof(value));
    return value;
}

void GuestMachine::store(u64 physical, u64 value) {
    std::memcpy(ram_.bytes().data() + physical, &value, sizeof(value));
}

void GuestMachine::map(u64 linear, u64 entry) {
    u64 table = page_map;
    for (unsigned shift = 39; shift > 12; shift -= 9) {
        const u64 slot = table + 8 * (linear >> shift & 0x1ff);
        if (!load(slot)) {
            store(slot, next_table_ | present | writable | user);
            next_table_ += memory::page_size;
            RINGER_ASSERT(next_table_ <= object_base);
        }
        table = load(slot) & 0xff'ffff'ffff'f000;
    }
    store(table + 8 * (linear >> 12 & 0x1ff), entry);
}

void GuestMachine::put_tables(std::span<const VisibleDescriptor> descriptors) {
    for (const VisibleDescriptor& one : descriptors) {
        RINGER_ASSERT(one.selector < gdt_limit);
        store(gdt + (one.selector & ~7u), one.low);
    }
    store(gdt + kernel_code, kernel_code_descriptor);
    const u64 base = kernel + task_state;
    store(gdt + task,
          0x0000'8b00'0000'0000 | task_limit | (base & 0xff'ffff) << 16 | (base >> 24 & 0xff) << 56);
    store(gdt + task + 8, base >> 32);
    store(task_state + 4, kernel + kernel_stack_end);
    store(task_state + 0x64, u64{task_limit + 1} << 16); // No I/O permission bitmap.
    for (u64 vector = 0; vector < 256; ++vector) {
        const u64 handler = kernel + handlers + vector;
        const u64 type = vector == 3 || vector == 4 ? 0xee00 : 0x8e00; // For INT 3 and INTO.
        store(idt + 16 * vector,
              (handler & 0xffff) | u64{kernel_code} << 16 | type << 32 | (handler >> 16 & 0xffff) << 48);
        store(idt + 16 * vector + 8, handler >> 32);
    }
}

void GuestMachine::put_pages() {
    for (u64 page = 0; page < ram_size; page += memory::page_size)
        map(kernel + page, page | present | writable);
    for (std::size_t i = 0; i < layout::pages.size(); ++i) {
        const layout::Page& page = layout::pages[i];
        map(page.linear, (object_base + i * memory::page_size) | present | user |
                             (page.writable ? writable : 0) | (page.executable ? 0 : execute_disable));
    }
}

EngineCpu::EngineCpu(std::string_view engine, std::span<const VisibleDescriptor> descriptors,
                     bool has_local_segments)
    : code_memory_(allocate_code_memory()), stubs_(generated_code().part(0, stub_bytes)),
      recovery_(stubs_.executable(), stubs_.fault_exit()), model_(x86::host_model()),
      machine_(descriptors, has_local_segments) {
    model_.stubs = &stubs_;
    model_.translations = generated_code().from(stub_bytes);
    vcpu_ = engine::make_x86_vcpu(engine, machine_, model_);
}

x86::CodeMemory EngineCpu::generated_code() const {
    return {.writable = code_memory_.writable(), .executable = code_memory_.executable()};
}

x86::CpuState EngineCpu::state_of(const Trial& trial) const {
    x86::CpuState state = machine_.initial_state();
    const x86::CpuState& wanted = trial.state;
    state.gpr = wanted.gpr;
    state.rip = wanted.rip;
    state.rflags = wanted.rflags;
    state.x87 = wanted.x87;
    state.vector = wanted.vector;
    for (unsigned i = 0; i < state.segments.size(); ++i) {
        state.segments[i] = machine_.segment(wanted.segments[i].selector);
        if (i == x86::fs || i == x86::gs) state.segments[i].base = wanted.segments[i].base;
    }
    return state;
}

Outcome EngineCpu::run(const Trial& trial) {
    for (std::size_t page = 0; page < layout::code_size; page += memory::page_size)
        machine_.memory().note_write(object_base + page, memory::page_size);
    put_trial(trial, memory());
    vcpu_->set_state(state_of(trial));
    const engine::Exit exit = vcpu_->run(budget).exit;
    remove_instruction(trial, memory());

    Outcome outcome;
    outcome.state = vcpu_->state();
    if (std::holds_alternative<engine::Shutdown>(exit))
        outcome.end = Outcome::End::shutdown;
    else if (std::holds_alternative<engine::Hlt>(exit))
        read_frame(outcome);
    else
        outcome.end = Outcome::End::endless;
    return outcome;
}

/// Gives back what the delivery of the exception has pushed (Intel SDM Vol. 3, 6.14.2).
void EngineCpu::read_frame(Outcome& outcome) const {
    x86::CpuState& state = outcome.state;
    outcome.vector = GuestMachine::handler_vector(state.rip - 1);
    u64 position = state.gpr[x86::rsp];
    const auto pop = [&] {
        const u64 value = machine_.kernel_stack_value(position);
        position += 8;
        return value;
    };
    if (pushes_error_code(outcome.vector)) outcome.error_code = pop();
    state.rip = pop();
    state.segments[x86::cs].selector = static_cast<u16>(pop());
    state.rflags = pop();
    state.gpr[x86::rsp] = pop();
    state.segments[x86::ss].selector = static_cast<u16>(pop());
}

} // namespace ringer::oracle
