#include "base/bits.h"
#include "engine/translator/block_translator.h"

#include <bit>

/// String instructions that go up: one element, or as many as there are in one page.
namespace ringer::engine::translator {

void BlockTranslator::string() {
    for (const x86::Register each : {x86::rax, x86::rcx, x86::rsi, x86::rdi}) flags_before_write(each);
    before_check();
    a_.test(emitter_.at(&context_.cpu->state.rflags, 4), static_cast<u32>(x86::flag::df));
    interpret_if(host::CondCode::kNZ);
    if (current().is_repeated_string()) return repeat_string();
    switch (string_family(current().decoded)) {
    case StringFamily::load: load_string(); break;
    case StringFamily::store: store_string(); break;
    case StringFamily::move: move_string(); break;
    case StringFamily::scan: scan_string(); break;
    case StringFamily::compare: compare_strings(); break;
    case StringFamily::none: break;
    }
}

HostMemory BlockTranslator::check_string(x86::Register index, x86::SegmentRegister segment, bool is_write) {
    const MemoryAccess access{.size = size_in_bytes(0), .is_write = is_write};
    const unsigned address_size = current().instruction.address_size();
    const bool is_direct = condition_.is_flat(segment) && address_size == condition_.address_size();
    const HostMemory direct{emitter_.home(index), scratch_b};
    return check({}, access, is_direct ? std::optional(direct) : std::nullopt, [&](i32 added) {
        load_wrapped(host::ptr(gp64(direct.base), added), address_size);
        if (!condition_.is_flat(segment)) add_checked_base(segment, access);
    });
}

HostMemory BlockTranslator::check_source() {
    return check_string(x86::rsi, current().instruction.segment, false);
}

HostMemory BlockTranslator::check_destination(bool is_write) {
    return check_string(x86::rdi, x86::es, is_write);
}

void BlockTranslator::advance(x86::Register index) {
    const HostRegister in_host = emitter_.home(index);
    a_.lea(gp(in_host, current().instruction.address_size()),
           host::ptr(gp64(in_host), static_cast<i32>(size_in_bytes(0))));
}

void BlockTranslator::load_string() {
    const unsigned size = size_in_bytes(0);
    const HostMemory source = check_source();
    a_.mov(gp(x86::rax, size), memory_operand(source, size));
    advance(x86::rsi);
}

void BlockTranslator::store_string() {
    const unsigned size = size_in_bytes(0);
    const HostMemory destination = check_destination(true);
    a_.mov(memory_operand(destination, size), gp(x86::rax, size));
    advance(x86::rdi);
}

void BlockTranslator::move_string() {
    const unsigned size = size_in_bytes(0);
    load_zero_extended(scratch_a, memory_operand(check_source(), size));
    a_.mov(emitter_.at(context_.target), gp64(scratch_a));
    a_.lea(gp64(scratch_b), memory_operand(check_destination(true), 8)); // Makes scratch_a free.
    a_.mov(gp64(scratch_a), emitter_.at(context_.target));
    a_.mov(host::ptr(gp64(scratch_b), 0, size), gp(scratch_a, size));
    advance(x86::rsi);
    advance(x86::rdi);
}

void BlockTranslator::scan_string() {
    const unsigned size = size_in_bytes(0);
    load_zero_extended(scratch_a, memory_operand(check_destination(false), size));
    a_.mov(emitter_.at(context_.flags.b), gp64(scratch_a));
    a_.cmp(gp(x86::rax, size), gp(scratch_a, size));
    const FlagRecipe recipe{
        .kind = FlagKind::subtract,
        .size = static_cast<u8>(size),
        .a = {.kind = FlagOperand::Kind::guest_register, .number = x86::rax},
        .b = {.kind = FlagOperand::Kind::recorded},
    };
    flags_.set_by_host(recipe);
    leaves_after_slow_path_ = true;
    advance(x86::rdi);
}

/// The destination first, as the interpreter has it: a fault leaves the other page not accessed.
void BlockTranslator::compare_strings() {
    const unsigned size = size_in_bytes(0);
    load_zero_extended(scratch_a, memory_operand(check_destination(false), size));
    a_.mov(emitter_.at(context_.target), gp64(scratch_a));
    load_zero_extended(scratch_a, memory_operand(check_source(), size));
    a_.cmp(gp(scratch_a, size), emitter_.at(&context_.target, size));
    flags_.set_by_host(std::nullopt);
    advance(x86::rsi);
    advance(x86::rdi);
}

/// REP MOVS and STOS, by the host's own on the host's memory. Of the shadow space they may cross pages, as
/// the registers tell how much is done where it refuses one. Copies by the largest element have a second one
/// for the rest, which often is nothing: then nobody looks where that would be.
void BlockTranslator::repeat_string() {
    const unsigned size = size_in_bytes(0);
    const bool moves = string_family(current().decoded) == StringFamily::move;
    const bool is_shadowed = current().operand.is_shadowed;
    constexpr u64 most_in_shadow = 1 * MiB; // Nothing else happens meanwhile.
    const auto check_place = [this, is_shadowed](x86::Register index, bool is_write) {
        is_shadowed ? find_place(index) : check_range(index, is_write);
    };
    a_.cmp(host::rcx, static_cast<i32>((is_shadowed ? most_in_shadow : memory::page_size) / size));
    interpret_if(host::CondCode::kA);
    const asmjit::Label done = emitter_.label();
    emitter_.with_jump_if([&] { a_.test(host::rcx, host::rcx); });
    emitter_.jump_if(host::CondCode::kZ, done);
    if (moves) {
        check_place(x86::rsi, false);
        a_.mov(emitter_.at(context_.target), gp64(scratch_b));
    }
    check_place(x86::rdi, true);
    if (moves) {
        a_.mov(gp64(scratch_a), emitter_.at(context_.target));
        a_.add(host::rsi, gp64(scratch_a));
    }
    a_.add(host::rdi, gp64(scratch_b));
    if (is_shadowed)
        refusals_[add_refusal(moves ? SideExit::Kind::refused_move : SideExit::Kind::refused_store)].code =
            here();
    a_.rep();
    if (moves)
        a_.movs(host::ptr(host::rdi, 0, size), host::ptr(host::rsi, 0, size));
    else
        a_.stos(host::ptr(host::rdi, 0, size), gp(x86::rax, size));
    if (moves) a_.sub(host::rsi, gp64(scratch_a));
    a_.sub(host::rdi, gp64(scratch_b));
    a_.bind(done);
}

/// Leaves in scratch_b what makes a place in the shadow space of the address in `index`, which is in one of
/// its regions, or the interpreter's: what it refuses has to become the address again.
void BlockTranslator::find_place(x86::Register index) {
    using memory::ShadowSpace;
    const host::Gp address = gp64(emitter_.home(index));
    const asmjit::Label is_low = emitter_.label(), found = emitter_.label();
    a_.mov(gp64(scratch_b), address);
    a_.shr(gp64(scratch_b), ShadowSpace::high_bits);
    emitter_.with_jump_if([&] { a_.cmp(gp64(scratch_b), 1); });
    emitter_.jump_if(host::CondCode::kNE, is_low);
    a_.mov(gp64(scratch_b), emitter_.at(context_.shadow_addend));
    a_.bind(found);
    later([this, address, is_low, found, neither = *interpret_exit_] {
        a_.bind(is_low);
        a_.mov(gp64(scratch_b), address);
        a_.shr(gp64(scratch_b), ShadowSpace::low_bits);
        emitter_.begin_jump_if(host::CondCode::kNZ);
        jump_to_exit(neither);
        a_.jmp(found);
    });
}

/// Leaves in scratch_b what makes host addresses of RCX elements at `index`. They are in one page, and in the
/// TLB, or the interpreter's.
void BlockTranslator::check_range(x86::Register index, bool is_write) {
    const host::Gp address = gp64(emitter_.home(index));
    constexpr auto page = static_cast<i32>(memory::page_size);
    emitter_.find_tlb_index(scratch_b, emitter_.home(index));
    a_.mov(gp64(scratch_a), address);
    a_.xor_(gp64(scratch_a), emitter_.tlb_element(tags(is_write), scratch_b));
    a_.cmp(gp64(scratch_a), page - 1);
    interpret_if(host::CondCode::kA);
    const auto shift = static_cast<unsigned>(std::countr_zero(size_in_bytes(0)));
    a_.lea(gp64(scratch_a), host::ptr(gp64(scratch_a), host::rcx, shift));
    a_.cmp(gp64(scratch_a), page);
    interpret_if(host::CondCode::kA);
    a_.mov(gp64(scratch_b), emitter_.tlb_element(view().addends, scratch_b));
}

} // namespace ringer::engine::translator
