#include "x86/stack_frame.h"

#include "base/bits.h"
#include "x86/cpuid.h"

namespace ringer::x86 {

namespace {

template <std::unsigned_integral T>
Guest<void> store_in(Cpu& cpu, Tlb::View& view, u64 linear, u64 value) {
    const T narrow = static_cast<T>(value);
    u8* const host = view.writable(linear, sizeof(T));
    if (!host) return store_slow(cpu, view, ss, linear, sizeof(T), narrow);
    __builtin_memcpy(host, &narrow, sizeof(T));
    return {};
}

Guest<void> store_in(Cpu& cpu, Tlb::View& view, u64 linear, u64 value, unsigned size) {
    switch (size) {
    case 2: return store_in<u16>(cpu, view, linear, value);
    case 4: return store_in<u32>(cpu, view, linear, value);
    default: return store_in<u64>(cpu, view, linear, value);
    }
}

unsigned segment_stack_size(const Segment& segment) { return segment.default_is_32() ? 4 : 2; }

Guest<void> check_within_tss(Cpu& cpu, u64 offset, unsigned size, u32 external) {
    if (offset + size - 1 > cpu.state.tr.limit)
        return raise(cpu, Vector::invalid_tss, selector_error(cpu.state.tr.selector) | external);
    return {};
}

} // namespace

PushStack PushStack::current(Cpu& cpu, u32 external) {
    return {cpu, cpu.state.segments[ss], cpu.state.gpr[rsp], stack_size(cpu), *cpu.data_view, external};
}

PushStack PushStack::for_call(Cpu& cpu, const Descriptor& code) {
    PushStack stack = current(cpu);
    if (!cpu.long_mode_active()) return stack;
    if (code.is_long()) stack.pointer_size_ = 8;
    if (cpu.model.is_amd && cpu.long64() && !code.is_long()) stack.pointer_size_ = 4;
    return stack;
}

PushStack PushStack::inner(Cpu& cpu, const Segment& segment, u64 pointer, u32 external) {
    const u32 error = selector_error(segment.selector) | external;
    return {cpu, segment, pointer, segment_stack_size(segment), *cpu.system_view, error};
}

PushStack PushStack::long_mode(Cpu& cpu, u64 pointer, bool supervisor, u32 external) {
    return {cpu, {}, pointer, 8, supervisor ? *cpu.system_view : *cpu.data_view, external};
}

Guest<void> PushStack::push(u64 value, unsigned size) {
    const u64 offset = (pointer_ - size) & byte_mask(pointer_size_);
    u64 linear = offset;
    if (pointer_size_ != 8) {
        if (!within_limit(segment_, offset, size)) return raise(*cpu_, Vector::stack_fault, limit_error_);
        linear = (segment_.base + offset) & 0xffff'ffff;
    } else if (!is_canonical(offset) || !is_canonical(offset + size - 1)) {
        return raise(*cpu_, Vector::stack_fault, limit_error_);
    }
    TRY(store_in(*cpu_, *view_, linear, value, size));
    pointer_ = offset;
    return {};
}

void PushStack::skip(u64 bytes) { pointer_ = (pointer_ - bytes) & byte_mask(pointer_size_); }

void PushStack::commit() const { set_stack_pointer(*cpu_, pointer_, pointer_size_); }

PopStack::PopStack(Cpu& cpu) : cpu_(cpu), pointer_(cpu.state.gpr[rsp]), pointer_size_(stack_size(cpu)) {
    pointer_ &= byte_mask(pointer_size_);
}

Guest<u64> PopStack::peek(unsigned size, u64 distance) const {
    const u64 offset = (pointer_ + distance) & byte_mask(pointer_size_);
    const u64 linear = TRY(linear_address(cpu_, ss, offset, size, Access::read));
    switch (size) {
    case 2: return TRY(load<u16>(cpu_, linear, ss));
    case 4: return TRY(load<u32>(cpu_, linear, ss));
    default: return TRY(load<u64>(cpu_, linear, ss));
    }
}

Guest<u64> PopStack::pop(unsigned size) {
    const u64 value = TRY(peek(size, 0));
    skip(size);
    return value;
}

void PopStack::skip(u64 bytes) { pointer_ = (pointer_ + bytes) & byte_mask(pointer_size_); }

void PopStack::commit() const { set_stack_pointer(cpu_, pointer_, pointer_size_); }

void set_stack_pointer(Cpu& cpu, u64 pointer, unsigned size) {
    if (size == 2)
        cpu.set<u16>(gpr_offset(rsp), static_cast<u16>(pointer));
    else
        cpu.state.gpr[rsp] = pointer & byte_mask(size);
}

Guest<InnerStack> stack_from_tss(Cpu& cpu, unsigned level, u32 external) {
    const Segment& tss = cpu.state.tr;
    const bool is_32_bit = tss.type() == system_type::tss || tss.type() == system_type::busy_tss;
    const u64 offset = is_32_bit ? 8 * level + 4 : 4 * level + 2;
    TRY(check_within_tss(cpu, offset, is_32_bit ? 6 : 4, external));
    InnerStack stack{};
    if (is_32_bit) {
        stack.pointer = TRY(system_load<u32>(cpu, tss.base + offset));
        stack.selector = TRY(system_load<u16>(cpu, tss.base + offset + 4));
    } else {
        stack.pointer = TRY(system_load<u16>(cpu, tss.base + offset));
        stack.selector = TRY(system_load<u16>(cpu, tss.base + offset + 2));
    }
    return stack;
}

Guest<u64> long_mode_stack_from_tss(Cpu& cpu, unsigned slot, u32 external) {
    const u64 offset = 8 * slot + 4;
    TRY(check_within_tss(cpu, offset, 8, external));
    const u64 pointer = TRY(system_load<u64>(cpu, cpu.state.tr.base + offset));
    if (!is_canonical(pointer)) return raise(cpu, Vector::stack_fault, external);
    return pointer;
}

} // namespace ringer::x86
