#pragma once

#include "base/assert.h"
#include "engine/translator/context.h"
#include "engine/translator/host_registers.h"
#include "x86/code_memory.h"

#include <asmjit/x86.h>

#include <array>
#include <bit>
#include <cstddef>
#include <span>

namespace ringer::engine::translator {

namespace host = asmjit::x86;

inline host::Gp gp64(HostRegister number) { return host::gpq(number); }
inline host::Gp gp32(HostRegister number) { return host::gpd(number); }

/// A general register by its size in bytes.
inline host::Gp gp(HostRegister number, unsigned size) {
    switch (size) {
    case 1: return host::gpb_lo(number);
    case 2: return host::gpw(number);
    case 4: return host::gpd(number);
    default: return host::gpq(number);
    }
}

/// An assembler that notices when scratch_b may no longer hold what it was loaded with.
class NoticingAssembler final : public host::Assembler {
  public:
    const void* loaded() const { return loaded_; }
    void note_loaded(const void* object) { loaded_ = object; }
    void forget() { loaded_ = nullptr; }

    asmjit::Error _emit(asmjit::InstId instruction, const asmjit::Operand_& first,
                        const asmjit::Operand_& second, const asmjit::Operand_& third,
                        const asmjit::Operand_* others) override;
    asmjit::Error bind(const asmjit::Label& label) override;

  private:
    const void* loaded_ = nullptr;
};

/// An assembler for code that runs with RSP at a Context, with short names for what all of it does.
class Emitter {
  public:
    /// `memory` is where the code will lie, and has room for it.
    Emitter(Context& context, x86::CodeMemory memory);

    host::Assembler& assembler() { return assembler_; }

    /// An object in, or near, the context.
    template <class T>
    host::Mem at(const T& object) const {
        return at(&object, sizeof(T));
    }
    host::Mem at(const void* object, unsigned size) const;
    /// A field, given for the first entry, of the entry of a table that lies `offset` << `shift` bytes behind
    /// it.
    template <class T>
    host::Mem at_offset(const T& field, HostRegister offset, u32 shift = 0) const {
        return host::ptr(host::rsp, gp64(offset), shift, distance(static_cast<const void*>(&field)),
                         sizeof(T));
    }
    /// How many bytes of the stack RSP is below the context from here on.
    void set_pushed(i32 bytes) { pushed_ = bytes; }

    /// @name The guest's general registers, by number
    /// @{
    const RegisterHomes& homes() const { return homes_; }
    void set_homes(const RegisterHomes& homes) { homes_ = homes; }
    HostRegister home(unsigned number) const { return homes_[number]; }
    bool is_in_memory(unsigned number) const { return homes_[number] == in_memory; }
    /// One that is in memory.
    host::Mem guest_register(unsigned number, unsigned size = 8) const;
    /// Has the registers change places, or takes them back. Flag-free; uses scratch_b.
    void exchange(const RegisterExchange& registers);
    /// @}

    /// Loads scratch_b with a value of the context, if it does not hold it already: because it was loaded
    /// with it, or because its own was stored there, and nothing has come in between.
    /// @{
    void load_scratch_b(const u64& object);
    void store_scratch_b(const u64& object);
    void forget_scratch_b() { assembler_.forget(); }
    /// @}

    asmjit::Label label() { return assembler_.newLabel(); }
    void bind(const asmjit::Label& label) { assembler_.bind(label); }
    void raw(std::span<const u8> bytes) { assembler_.embed(bytes.data(), bytes.size()); }
    void call(const void* address) { assembler_.call(reinterpret_cast<u64>(address)); }
    /// @name Jumps
    /// On CPUs that do not keep a line of code with such a jump decoded, none crosses or ends a line.
    /// @{
    void jump_to(const host::Mem& target);
    void jump_if(host::CondCode condition, const asmjit::Label& label);
    /// To what is so far, and near, behind the start of the code, or in front of it.
    void jump_back_if(host::CondCode condition, i32 offset);
    /// Jumps but for the displacement, of 32 bits, that is to follow.
    /// @{
    void begin_jump();
    void begin_jump_if(host::CondCode condition);
    /// @}
    /// Emits an instruction that the host does together with the conditional jump behind it.
    template <class Emit>
    void with_jump_if(Emit&& emit) {
        const std::size_t begin = assembler_.offset();
        emit();
        const std::size_t bytes = assembler_.offset() - begin + jump_if_bytes;
        if (!leaves_line(begin, bytes)) return;
        assembler_.setOffset(begin);
        keep_in_line(bytes);
        emit();
    }
    /// @}

    /// @name The linear address at a fixed distance from the start of the page whose code runs
    /// @{
    /// `size`: of linear addresses, in bytes.
    void load_address_in_page(HostRegister into, i64 offset_from_page, unsigned size = 8);
    /// As an instruction may have it; nullopt: it depends on where the page is, or does not fit.
    std::optional<i32> number_in_page(i64 offset_from_page) const;
    /// That page is known to be here, from now on.
    void fix_page(std::optional<i32> page) { fixed_page_ = page; }
    /// @}

    /// The TLB's index for a linear address. EFLAGS are lost.
    void find_tlb_index(HostRegister into, HostRegister linear);
    /// An element of one of the TLB's arrays.
    host::Mem tlb_element(const x86::Tlb::Column& column, HostRegister index) const {
        return at_offset(column.front(), index, std::countr_zero(sizeof(u64)));
    }
    /// Where a jump cache, by Condition::jump_cache(), has its entry for one. EFLAGS are lost.
    void find_jump_entry(HostRegister into, HostRegister linear, u8 jump_cache);
    static host::Mem jump_entry_linear(HostRegister entry, u32 way = 0) {
        return host::ptr_64(gp64(entry), static_cast<i32>(offsetof(JumpCache::Entry, linear) + way));
    }
    static host::Mem jump_entry_code(HostRegister entry) {
        return host::ptr_64(gp64(entry), offsetof(JumpCache::Entry, code));
    }

    /// The guest's registers to and from the vCPU's state; outside of 64-bit mode the addends of some groups
    /// instead of wide_code_registers. EFLAGS are lost, and scratch_a.
    void save_registers();
    void load_registers();

    /// EFLAGS into the context's record, and back. `temporary` is overwritten; EFLAGS stay as they are.
    void save_status(HostRegister temporary);
    void load_status(HostRegister temporary);

    std::size_t size() const { return code_.textSection()->bufferSize(); }
    u64 offset_of(const asmjit::Label& label) const { return code_.labelOffset(label); }
    /// Resolves labels. The code then is what it will be.
    void finish();

  private:
    static constexpr std::size_t line = 32, jump_bytes = 5, jump_if_bytes = 6, jump_short_if_bytes = 2;

    i32 distance(const void* object) const;
    /// Whether a jump with what belongs to it, at an offset, would not be kept decoded.
    bool leaves_line(std::size_t offset, std::size_t bytes) const;
    void keep_in_line(std::size_t bytes);
    host::Mem in_state(unsigned guest) const { return at(context_.cpu->state.gpr[guest]); }
    /// Calls `move` with each host register and its home, and `move_in_memory` with the index of each of
    /// registers_in_memory.
    template <class Move, class MoveInMemory>
    void for_each_register(Move&& move, MoveInMemory&& move_in_memory);

    class Errors final : public asmjit::ErrorHandler {
        void handleError(asmjit::Error, const char*, asmjit::BaseEmitter*) override {
            RINGER_ASSERT(!"the assembler knows every instruction that translated code is made of");
        }
    };

    Context& context_;
    i32 pushed_ = 0;
    RegisterHomes homes_ = host_register;
    std::optional<i32> fixed_page_;
    const bool has_fast_pext_, loses_lines_;
    Errors errors_;
    /// For labels and the like. What does not fit comes from the heap.
    alignas(std::max_align_t) std::array<u8, 4096> room_;
    asmjit::CodeHolder code_{asmjit::Support::Temporary(room_.data(), room_.size())};
    NoticingAssembler assembler_;
};

} // namespace ringer::engine::translator
