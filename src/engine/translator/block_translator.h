#pragma once

#include "engine/translator/copy_plan.h"
#include "engine/translator/flag_tracker.h"
#include "engine/translator/guest_block.h"
#include "engine/translator/region_forecast.h"
#include "engine/translator/runtime.h"
#include "engine/translator/side_exit.h"

#include <array>
#include <functional>
#include <memory_resource>
#include <vector>

namespace ringer::engine::translator {

/// Translates one block.
class BlockTranslator {
  public:
    /// Where the stamp is in the check of a link (SideExit::Kind::far).
    static constexpr unsigned stamp_in_check = 4;

    /// `memory` is where the code will lie. What was missed before, and `has_high_data`, tell where data is
    /// expected in the shadow space.
    BlockTranslator(Context& context, const Runtime& runtime, const Condition& condition, bool is_amd,
                    x86::CodeMemory memory, MissedRegions missed, bool has_high_data);

    /// The block has at least one instruction. `lands`: the code begins with a Landing. False: a trace that
    /// is too long for what a SideExit can tell, of which nothing was made.
    bool translate(const GuestBlock& block, bool lands = false);

    /// @name What was made, after translate()
    /// @{
    std::size_t code_size() const { return emitter_.size(); }
    std::span<const SideExit> exits() const { return exits_; }
    std::span<const Refusal> refusals() const { return refusals_; }
    /// What SideExit::unsaved counts. The first is: nothing.
    std::span<const Unsaved> unsaved() const { return unsaved_; }
    /// On whose behalf code was emitted, from where on.
    struct Piece {
        u32 begin;
        u32 line; ///< 0: the block's; otherwise 1 more than an instruction's number.
    };
    std::span<const Piece> pieces() const { return pieces_; }
    /// In force from the first instruction to where the block is left.
    const RegisterExchange& exchange() const { return exchange_; }
    /// @}

    /// Has the code jump to `stubs`, one for each of exits(). At leave_offset is to be a call, too.
    void finish(const ExitStub* stubs);

  private:
    struct ExitJump {
        u32 displacement_at;
        u32 exit;
    };
    /// Instructions that have run in this block and that the vCPU's state is to name as the last ones.
    struct X87Pointers {
        const GuestInstruction* last = nullptr; ///< With last_with_memory, which may be of an earlier one,
        const GuestInstruction* last_with_memory = nullptr; ///< its operand's segment; the address is stored.
    };
    struct Later {
        std::size_t index;
        RegisterHomes homes;
        FlagTracker::State flags;
        std::function<void()> emit;
    };

    void begin_block(bool lands);
    bool has_room() const; ///< For more of a trace.
    /// So many as run, at the start those of the whole block, and compares the count with where something is
    /// to be looked at.
    void count(std::size_t instructions);
    void begin_piece(std::size_t line) { pieces_.push_back({here(), static_cast<u32>(line)}); }
    void translate_one();
    const GuestInstruction& current() const { return block_->instructions[index_]; }
    unsigned retired_with_current() const { return static_cast<unsigned>(index_ + 1); }
    unsigned size_in_bytes(unsigned operand) const { return current().decoded.operand_bits(operand) / 8; }

    /// Emits behind the block, on behalf of the current instruction, what runs from the present point on.
    void later(std::function<void()> emit) {
        later_.push_back({index_, emitter_.homes(), flags_.state(), std::move(emit)});
    }
    void emit_what_is_later();

    /// @name Calls of the engine
    /// @{
    void interpret();
    /// Jumps to the interpreter's function from the middle of the instruction, before anything of it was
    /// done.
    void interpret_if(host::CondCode condition);
    /// A way out on behalf of the current instruction.
    SideExit& add_exit(SideExit::Kind kind);
    /// The same when nothing is Unsaved.
    SideExit& add_exit_when_saved(SideExit::Kind kind);
    u16 index_of_unsaved(const std::optional<FlagRecipe>& flags);
    u16 index_of(const Unsaved& unsaved);
    /// @name Jumps to the exit that was added last
    /// @{
    void exit_if(host::CondCode condition);
    void exit();
    void jump_to_exit(std::size_t index);
    /// @}
    void finish_exits_of_current();
    u16 here() const { return static_cast<u16>(emitter_.size()); }
    /// @}

    /// @name Memory (block_memory.cc)
    /// @{
    /// Where the operand lies in the host, once it may be accessed. Uses both scratch registers, and the
    /// result scratch_b and perhaps scratch_a.
    /// @{
    HostMemory check_operand();
    HostMemory check_stack(); ///< Never scratch_a.
    /// @}
    /// Puts a linear address into scratch_a; may use scratch_b. `added` is added to it.
    using LoadAddress = std::function<void(i32 added)>;
    HostMemory check(const PlannedAccess& planned, const MemoryAccess& access,
                     const std::optional<HostMemory>& direct, const LoadAddress& load);
    /// Where accesses of the same operand, or of the stack, lie once their group was checked.
    HostMemory in_group(const PlannedAccess& planned, const LoadAddress& load,
                        const std::optional<HostMemory>& direct);
    void check_group(unsigned number, const LoadAddress& load);
    /// Behind the comparison of a group's check, whose exit was added last.
    void go_on_carefully_if_beyond_page();
    /// That holds the addend of a group; nullopt: it is in the context.
    std::optional<HostRegister> addend_register(unsigned group) const;
    void check_linear(HostRegister linear, const MemoryAccess& access);
    /// @name In the shadow space (block_shadow.cc)
    /// @{
    HostMemory in_shadow(const PlannedAccess& planned, const std::optional<HostMemory>& direct,
                         const LoadAddress& load);
    HostRegister register_in_region(HostMemory& memory); ///< That tells where it is; perhaps scratch_a.
    void check_region(unsigned group, HostRegister linear);
    /// The same for either region; scratch_b becomes the addend.
    void find_region(unsigned group, HostRegister linear);
    /// EFLAGS are lost.
    void jump_if_not_in_region(HostRegister linear, bool is_high, const asmjit::Label& elsewhere);
    void check_stack_pointer(); ///< Behind the current instruction.
    bool is_in_both(unsigned group) const { return missed_.are_both_missed(group); }
    /// Where the first access of a group lies now, as far as that can be told.
    u64 foreseen_address(const PlannedAccess& planned) const;
    /// Whether a group is expected in the upper region.
    bool expects_high(const PlannedAccess& planned) const;
    /// Behind the instruction that accesses `memory`, of so many bytes, which may be refused.
    void note_access(const HostMemory& memory, std::size_t bytes);
    /// On behalf of the current instruction, but for Refusal::code. Returns its index.
    std::size_t add_refusal(SideExit::Kind kind);
    /// Of SideExit::Kind::region.
    /// @{
    unsigned vector_of_region(unsigned group) const;
    void raise_wrong_region(const asmjit::Label& label, unsigned vector, std::size_t refusal);
    /// @}
    template <class Emit>
    void access(const HostMemory& memory, Emit&& emit) {
        const std::size_t begin = emitter_.size();
        emit();
        note_access(memory, emitter_.size() - begin);
    }
    /// @}
    void load_stack_address(i32 added, const StackAccess& access);
    host::Mem memory_operand(const HostMemory& memory, unsigned size) const;
    const x86::Tlb::View& view() const;
    const x86::Tlb::Column& tags(bool of_writes) const;
    /// The value of a guest register in a host register: its own, or `scratch`.
    HostRegister value_of(unsigned guest, HostRegister scratch);
    /// Where a guest register that is written is to be computed: its home, or scratch_a, from where
    /// store_destination() then brings so many bytes to its place in memory.
    /// @{
    HostRegister destination_of(unsigned guest) const {
        return emitter_.is_in_memory(guest) ? scratch_a : emitter_.home(guest);
    }
    void store_destination(unsigned guest, unsigned size);
    /// @}
    /// An address that is not in canonical form is left to the interpreter. Uses scratch_b.
    void require_canonical(HostRegister value);
    void push();
    /// Flag-free.
    /// @{
    void move_stack_pointer(i32 bytes); ///< Perhaps later: the register may lag behind.
    void settle_stack_pointer();
    void set_stack_pointer(HostRegister base, i32 added);
    /// @}
    bool may_stack_pointer_lag() const;
    bool uses_stack_pointer() const;
    void pop();
    void leave();
    /// @}

    /// @name Addresses (block_address.cc)
    /// In scratch_a; scratch_b may be used as well. Flag-free, where nothing else is said.
    /// @{
    /// The base register and displacement of an operand that consists of nothing else, and that may be
    /// accessed in the host without another sum.
    std::optional<HostMemory> direct_operand() const;
    /// An operand of a base and an index register that are both in the host, as a sum there.
    std::optional<HostMemory> sum_operand() const;
    /// `memory`, if it may be accessed as it stands. Outside of 64-bit mode that takes a sum that was found
    /// in a page, and so not to leave 32 bits, and a register that is the same since.
    std::optional<HostMemory> direct(const PlannedAccess& planned, const HostMemory& memory) const;
    void load_direct_address(const HostMemory& direct, i32 added);
    /// An operand behind a register in memory, or behind the page of code, with either in scratch_a.
    std::optional<HostMemory> load_base();
    /// The operand's offset in its segment, before it wraps; may use both.
    host::Mem effective_address();
    /// The same, wrapped to the address size.
    void load_offset(i32 added);
    /// `size` in bytes.
    void load_wrapped(const host::Mem& address, unsigned size);
    /// EFLAGS are lost if the segment is not flat.
    /// An operand of a segment with a base, in 64-bit code, and nothing else.
    bool is_displacement_behind_base() const;
    void load_linear_address(i32 added, const MemoryAccess& access);
    /// Turns the offset of an access into a linear address, if it lies within the segment. EFLAGS are lost.
    void add_checked_base(x86::SegmentRegister segment, const MemoryAccess& access);
    void load_address();
    /// Of code at a fixed distance from the page.
    /// @{
    void load_linear_in_page(i64 offset_from_page);
    void load_rip(i64 offset_from_page);
    /// @}
    void add_code_base(); ///< Turns RIP into a linear address.
    /// @}

    /// @name Copies (block_copy.cc)
    /// @{
    void copy();
    void copy_vector();
    void load_vector_control();
    void copy_registers();
    void copy_but_flags(); ///< The same without what flags take.
    /// For TZCNT of a result from which the flags follow, as string functions have it: how they do behind it.
    /// @{
    std::optional<FlagKind> count_behind_result() const;
    void copy_count(FlagKind kind);
    /// @}
    void copy_with_memory();
    /// A scratch register that is not a part of the address, which may be brought into the other.
    HostRegister scratch_beside(HostMemory& memory);
    void emit_copy(CopyPlan plan);
    void load_borrowed(const CopyPlan& plan);
    void store_borrowed(const CopyPlan& plan);
    void exchange();
    void bit_string();
    void divide();
    void check_unsigned_division(HostRegister divisor, unsigned size);
    void check_signed_division(HostRegister divisor, unsigned size);
    void load_zero_extended(HostRegister into, const host::Mem& from);
    void require_vectors();
    /// Calls `load` if the flag is not set.
    void require_live(const u64& live, const void* load);
    /// @}

    /// @name String instructions (block_strings.cc)
    /// @{
    void string();
    HostMemory check_string(x86::Register index, x86::SegmentRegister segment, bool is_write);
    HostMemory check_source();
    HostMemory check_destination(bool is_write);
    void advance(x86::Register index);
    void load_string();
    void store_string();
    void move_string();
    void scan_string();
    void compare_strings();
    void repeat_string();
    void check_range(x86::Register index, bool is_write);
    void find_place(x86::Register index);
    /// @}

    /// @name System instructions (block_system.cc)
    /// @{
    bool is_supervisor() const;
    bool is_at_end_of_page() const { return current().end() % i32{memory::page_size} == 0; }
    void read_selector();
    void clear_interrupt_flag();
    void set_interrupt_flag();
    void clear_direction_flag();
    void read_fault_address();
    bool casts_shadow(std::size_t index) const;
    bool is_in_interrupt_shadow() const { return index_ > 0 && casts_shadow(index_ - 1); }
    void swap_gs();
    /// Checks that there are such instructions. Returns the base that the current one names.
    host::Mem check_segment_base();
    void read_segment_base();
    void write_segment_base();
    void open_user_pages();
    void close_user_pages();
    void switch_view(x86::TlbView view); ///< Of data accesses; uses scratch_a.
    void go_on_with_view(x86::TlbView view);
    void load_status_flags(); ///< Into scratch_a, as RFLAGS has them. They are kept, but not in EFLAGS.
    void push_flags();
    void read_time_stamp();
    /// @}

    /// @name System calls (block_system_calls.cc)
    /// @{
    void require_system_calls();
    void keep_code_of_other_view();
    void find_jump_entry_of_users();
    void store_all_flags();
    void enter_flat(i32 stack_selector_distance, bool keeps_stack_segment, unsigned privilege);
    void go_on_in_other_view();
    void system_call();
    void system_return();
    /// @}

    /// @name x87 and MMX (block_x87.cc)
    /// @{
    void require_x87();
    void copy_x87();
    void copy_mmx();
    void load_x87_control();
    void store_x87_pointers(const X87Pointers& pointers); ///< Uses scratch_a; EFLAGS stay.
    bool has_linear_x87_pointers() const;                 ///< And not those to offsets in segments.
    void store_x87_selector(x86::SegmentRegister segment, const u16& into);
    /// @}

    /// @name Flags (block_copy.cc)
    /// @{
    /// Before the current instruction writes its registers: a recipe may depend on them.
    void note_writes();
    void flags_before_write(int guest);
    /// Before INC and DEC.
    void keep_carry();
    /// Before EFLAGS are destroyed in the middle of the current instruction.
    void before_check();
    void finish_flags();
    std::optional<FlagRecipe> recipe() const;
    std::optional<FlagOperand> flag_operand(unsigned index) const;
    /// CMP and TEST, done on a copy of one operand, which is kept.
    bool is_captured_comparison() const;
    void compare_captured(HostRegister value, unsigned captured_operand);
    /// ADD and the like to memory, done on a copy that is kept.
    /// @{
    bool is_captured_update() const;
    void update_captured(HostMemory memory);
    /// @}
    /// Whether flags follow from what the destination was before.
    bool captures_destination() const;
    void capture_destination(HostRegister scratch);
    /// @}

    /// @name Leaving the block (block_branches.cc)
    /// @{
    /// Counts `retired` instructions as done and jumps to a linear address at a fixed distance from the page.
    /// Nothing is Unsaved.
    void exit_to(i64 offset_from_page, unsigned retired);
    /// To a position; without a condition always.
    void exit_within_page(u16 target, SideExit::Kind kind = SideExit::Kind::link,
                          std::optional<host::CondCode> condition = std::nullopt);
    /// To another page, or into it.
    void exit_far(i64 offset_from_page, SideExit::Kind kind, unsigned retired);
    /// @{
    SideExit& check_link(SideExit::Kind kind);
    void jump_far(i64 offset_from_page, SideExit& unlinked);
    /// @}
    /// To what follows the current instruction, which is the block's last or closes its loop.
    void exit_behind();
    /// Finds the translation at the linear address in scratch_a; scratch_b becomes the address of its entry.
    /// EFLAGS are lost.
    void look_up_target(SideExit& missed);
    void jump_to_found(); ///< Behind look_up_target().
    void set_page_from_scratch_a();
    void retire(unsigned count);
    /// Before the block is left: other blocks have registers where they belong.
    void put_registers_back();
    /// What is the same in all rounds of a block that goes back to its start, in front of the first.
    void prepare_rounds();
    /// Whether that, or flags that nobody needs then, is worth a way back of its own.
    bool has_own_rounds() const;
    /// From behind the current instruction to the start of the block.
    void begin_next_round();
    i64 branch_target() const;
    void push_return_address();
    void call_scratch_a();
    /// Where the linear address is that the current branch, by a register or memory, leads to.
    HostRegister indirect_target();
    void jump();
    void jump_if();
    /// Back to the start of the block if the condition holds, and else behind it.
    void go_round_if(host::CondCode condition);
    void jump_if_rcx_zero();
    void call();
    /// Has the trace go on only if `target` has the linear address that it goes on at; otherwise `leave` is
    /// done, with that in scratch_a. Uses scratch_b.
    void expect_target(HostRegister target, std::function<void()> leave);
    /// The same of a target in memory, which is to be a number. EFLAGS have been given up.
    void expect_in_memory(const HostMemory& memory, i32 number, std::function<void()> leave);
    /// That number, if the trace goes on at one behind the current branch.
    std::optional<i32> expected_number() const;
    /// The same where a trace goes on; otherwise `leave` is what the block ends with.
    /// @{
    void leave_unless_expected(HostRegister target, std::function<void()> leave);
    void leave_unless_expected(std::function<void()> leave); ///< Of the current jump or call.
    /// @}
    void jump_indirect();
    void call_indirect();
    void return_near();
    /// @}

    Context& context_;
    const Runtime& runtime_;
    const Condition condition_;
    const bool is_amd_;
    const x86::CodeMemory memory_;
    const MissedRegions missed_;
    const bool has_high_data_;
    std::array<bool, 2 * GuestBlock::longest_trace> is_high_{}; ///< By group.
    Emitter emitter_;
    host::Assembler& a_;
    FlagTracker flags_;

    const GuestBlock* block_ = nullptr;
    std::size_t index_ = 0;
    bool vectors_ready_ = false; ///< The guest's vector registers are in the host's.
    bool x87_ready_ = false;     ///< So are its x87 registers.
    X87Pointers x87_pointers_;   ///< What is not in the vCPU's state yet.
    i32 stack_pointer_lag_ = 0;  ///< What is to be added to the guest's RSP in the host.
    RegisterExchange exchange_;
    asmjit::Label round_;                 ///< Where a round begins,
    RegisterHomes homes_of_round_{};      ///< and with registers in which places.
    bool ended_ = false;                  ///< What follows cannot be reached.
    bool leaves_after_slow_path_ = false; ///< Its flags are noted in a way that its slow path does not take.
    std::size_t first_exit_ = 0;          ///< Of the current instruction, in exits_.
    std::optional<std::size_t> interpret_exit_; ///< Of the current instruction, in exits_.

    /// For what follows. What does not fit comes from the heap.
    std::array<std::byte, 16 << 10> room_;
    std::pmr::monotonic_buffer_resource memory_of_lists_{room_.data(), room_.size()};
    std::pmr::vector<Later> later_{&memory_of_lists_};
    std::pmr::vector<SideExit> exits_{&memory_of_lists_};
    std::pmr::vector<Refusal> refusals_{&memory_of_lists_};
    std::pmr::vector<ExitJump> exit_jumps_{&memory_of_lists_};
    std::pmr::vector<Piece> pieces_{&memory_of_lists_};
    std::pmr::vector<Unsaved> unsaved_{1, &memory_of_lists_};
};

} // namespace ringer::engine::translator
