#include "engine/translator/emitter.h"

#include <algorithm>
#include <bit>

namespace ringer::engine::translator {

namespace {

/// AMD's CPUs before Zen 3 have microcode do it, which takes far longer than what it replaces.
bool has_fast_pext() {
    const bool is_slow =
        __builtin_cpu_is("bdver4") || __builtin_cpu_is("znver1") || __builtin_cpu_is("znver2");
    return __builtin_cpu_supports("bmi2") && !is_slow;
}

/// Intel's of the Skylake family, whose microcode has to do so ("Mitigations for Jump Conditional Code
/// Erratum").
bool loses_lines() {
    return __builtin_cpu_is("skylake") || __builtin_cpu_is("skylake-avx512") ||
           __builtin_cpu_is("cascadelake");
}

} // namespace

asmjit::Error NoticingAssembler::_emit(asmjit::InstId instruction, const asmjit::Operand_& first,
                                       const asmjit::Operand_& second, const asmjit::Operand_& third,
                                       const asmjit::Operand_* others) {
    const bool is_scratch_b = host::Reg::isGp(first) && first.id() == scratch_b;
    if (is_scratch_b || instruction == host::Inst::kIdCall) forget();
    return host::Assembler::_emit(instruction, first, second, third, others);
}

asmjit::Error NoticingAssembler::bind(const asmjit::Label& label) {
    forget();
    return host::Assembler::bind(label);
}

Emitter::Emitter(Context& context, x86::CodeMemory memory)
    : context_(context), has_fast_pext_(has_fast_pext()), loses_lines_(loses_lines()) {
    code_.init(asmjit::Environment::host(), reinterpret_cast<u64>(memory.executable));
    code_.setErrorHandler(&errors_);
    asmjit::CodeBuffer& buffer = code_.textSection()->buffer();
    buffer._data = memory.writable.data();
    buffer._capacity = memory.writable.size();
    buffer._flags = asmjit::CodeBufferFlags::kIsExternal | asmjit::CodeBufferFlags::kIsFixed;
    code_.attach(&assembler_);
}

i32 Emitter::distance(const void* object) const {
    const i64 bytes = static_cast<const u8*>(object) - reinterpret_cast<const u8*>(&context_);
    RINGER_ASSERT(bytes == static_cast<i32>(bytes));
    return static_cast<i32>(bytes) + pushed_;
}

host::Mem Emitter::at(const void* object, unsigned size) const {
    return host::ptr(host::rsp, distance(object), size);
}

void Emitter::load_scratch_b(const u64& object) {
    if (assembler_.loaded() == &object) return;
    assembler_.mov(gp64(scratch_b), at(object));
    assembler_.note_loaded(&object);
}

void Emitter::store_scratch_b(const u64& object) {
    assembler_.mov(at(object), gp64(scratch_b));
    assembler_.note_loaded(&object);
}

bool Emitter::leaves_line(std::size_t offset, std::size_t bytes) const {
    const std::size_t at = code_.baseAddress() + offset;
    return loses_lines_ && at / line != (at + bytes) / line;
}

/// NOP is one instruction with any number of prefixes, up to the 15 bytes that one can have.
void Emitter::keep_in_line(std::size_t bytes) {
    if (!leaves_line(assembler_.offset(), bytes)) return;
    constexpr std::size_t longest = 15;
    constexpr u8 prefix = 0x66, nop = 0x90;
    for (std::size_t left = line - (code_.baseAddress() + assembler_.offset()) % line; left != 0;) {
        const std::size_t length = std::min(left, longest);
        for (std::size_t i = 1; i < length; ++i) assembler_.db(prefix);
        assembler_.db(nop);
        left -= length;
    }
}

void Emitter::jump_to(const host::Mem& target) {
    constexpr std::size_t longest = 8; // With a displacement of 32 bits.
    keep_in_line(longest);
    assembler_.jmp(target);
}

void Emitter::jump_if(host::CondCode condition, const asmjit::Label& label) {
    keep_in_line(jump_if_bytes);
    assembler_.long_().j(condition, label);
}

void Emitter::jump_back_if(host::CondCode condition, i32 offset) {
    keep_in_line(jump_short_if_bytes);
    const i32 displacement = offset - static_cast<i32>(assembler_.offset() + jump_short_if_bytes);
    RINGER_ASSERT(displacement == static_cast<i8>(displacement));
    assembler_.db(static_cast<u8>(0x70 | static_cast<u8>(condition)));
    assembler_.db(static_cast<u8>(displacement));
}

void Emitter::begin_jump() {
    keep_in_line(jump_bytes);
    assembler_.db(0xe9);
}

void Emitter::begin_jump_if(host::CondCode condition) {
    keep_in_line(jump_if_bytes);
    assembler_.db(0x0f);
    assembler_.db(static_cast<u8>(0x80 | static_cast<u8>(condition)));
}

void Emitter::load_address_in_page(HostRegister into, i64 offset_from_page, unsigned size) {
    if (const auto number = number_in_page(offset_from_page)) {
        *number < 0 ? assembler_.mov(gp64(into), *number) : assembler_.mov(gp32(into), *number);
        return;
    }
    assembler_.mov(gp64(into), at(context_.page_base));
    if (offset_from_page != 0)
        assembler_.lea(gp(into, size), host::ptr(gp64(into), static_cast<i32>(offset_from_page)));
}

std::optional<i32> Emitter::number_in_page(i64 offset_from_page) const {
    if (!fixed_page_) return std::nullopt;
    const i64 sum = *fixed_page_ + offset_from_page;
    const auto number = static_cast<i32>(sum);
    return number == sum ? std::optional(number) : std::nullopt;
}

void Emitter::find_tlb_index(HostRegister into, HostRegister linear) {
    if (context_.counts_tlb_looks) assembler_.inc(at(context_.tlb_looks));
    if (has_fast_pext_) {
        assembler_.pext(gp32(into), gp32(linear), at(context_.tlb_index_bits));
    } else {
        assembler_.mov(gp32(into), gp32(linear));
        assembler_.shr(gp32(into), std::countr_zero(x86::Tlb::index_bits));
        assembler_.and_(gp32(into), x86::Tlb::entries - 1);
    }
}

void Emitter::find_jump_entry(HostRegister into, HostRegister linear, u8 jump_cache) {
    assembler_.imul(gp32(into), gp32(linear), JumpCache::hash_factor);
    assembler_.and_(gp32(into), JumpCache::offset_bits(JumpCaches::entries_of(jump_cache)));
    assembler_.add(gp64(into), at(static_cast<const void*>(&context_.jumps.entries[jump_cache]), 8));
}

host::Mem Emitter::guest_register(unsigned number, unsigned size) const {
    const auto* const found = std::ranges::find(registers_in_memory, number);
    RINGER_ASSERT(found != registers_in_memory.end());
    return at(&context_.registers[static_cast<std::size_t>(found - registers_in_memory.begin())], size);
}

void Emitter::exchange(const RegisterExchange& registers) {
    registers.for_each([this](unsigned number, unsigned partner) {
        const host::Gp home = gp64(host_register[partner]);
        assembler_.mov(gp64(scratch_b), guest_register(number));
        assembler_.mov(guest_register(number), home);
        assembler_.mov(home, gp64(scratch_b));
        std::swap(homes_[number], homes_[partner]);
    });
}

template <class Move, class MoveInMemory>
void Emitter::for_each_register(Move&& move, MoveInMemory&& move_in_memory) {
    const auto is_wide = [](HostRegister each) {
        return std::ranges::find(wide_code_registers, each) != wide_code_registers.end();
    };
    for (unsigned guest = 0; guest < host_register.size(); ++guest)
        if (is_pinned(guest) && !is_wide(host_register[guest]))
            move(gp64(host_register[guest]), in_state(guest));
    const asmjit::Label long64 = label(), done = label();
    assembler_.cmp(at(context_.cpu->code_mode), static_cast<u8>(x86::CodeMode::long64));
    assembler_.je(long64);
    for (unsigned i = 0; i < wide_code_registers.size(); ++i)
        move(gp64(wide_code_registers[i]), at(context_.addends[i]));
    assembler_.jmp(done);
    assembler_.bind(long64);
    for (unsigned guest = 0; guest < host_register.size(); ++guest)
        if (is_pinned(guest) && is_wide(host_register[guest]))
            move(gp64(host_register[guest]), in_state(guest));
    for (unsigned i = 0; i < registers_in_memory.size(); ++i) move_in_memory(i);
    assembler_.bind(done);
}

void Emitter::save_registers() {
    for_each_register([this](const host::Gp& each, const host::Mem& home) { assembler_.mov(home, each); },
                      [this](unsigned i) {
                          assembler_.mov(gp64(scratch_a), at(context_.registers[i]));
                          assembler_.mov(in_state(registers_in_memory[i]), gp64(scratch_a));
                      });
}

void Emitter::load_registers() {
    for_each_register([this](const host::Gp& each, const host::Mem& home) { assembler_.mov(each, home); },
                      [this](unsigned i) {
                          assembler_.mov(gp64(scratch_a), in_state(registers_in_memory[i]));
                          assembler_.mov(at(context_.registers[i]), gp64(scratch_a));
                      });
}

void Emitter::save_status(HostRegister temporary) {
    assembler_.mov(gp64(temporary), host::rax);
    assembler_.lahf();
    assembler_.seto(host::al);
    assembler_.mov(at(&context_.flags.a, 2), host::ax);
    assembler_.mov(host::rax, gp64(temporary));
    assembler_.mov(at(context_.flags.code), FlagRecord::code_of(FlagKind::status));
}

void Emitter::load_status(HostRegister temporary) {
    assembler_.mov(gp64(temporary), host::rax);
    assembler_.movzx(host::eax, at(&context_.flags.a, 2));
    assembler_.add(host::al, 0x7f);
    assembler_.sahf();
    assembler_.mov(host::rax, gp64(temporary));
}

void Emitter::finish() {
    RINGER_ASSERT(code_.flatten() == asmjit::kErrorOk);
    RINGER_ASSERT(code_.resolveUnresolvedLinks() == asmjit::kErrorOk);
    RINGER_ASSERT(code_.relocateToBase(code_.baseAddress()) == asmjit::kErrorOk);
}

} // namespace ringer::engine::translator
