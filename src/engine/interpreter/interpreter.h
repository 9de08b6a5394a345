#pragma once

#include "engine/interpreter/block_cache.h"
#include "engine/interpreter/instruction_cache.h"
#include "engine/x86_engine.h"
#include "x86/decode.h"

#include <array>
#include <optional>

namespace ringer::engine {

/// Decodes and executes one instruction after the other: the reference, and every other engine's fallback.
class Interpreter : public X86Engine {
  public:
    enum class Caching : u8 {
        blocks, ///< Decoded instructions are cached by guest-physical address.
        none,   ///< Each instruction is found, read and decoded anew: what the cache is held to.
    };
    static constexpr std::string_view cached_name = "interpreter", uncached_name = "interpreter-uncached";

    explicit Interpreter(x86::Cpu& cpu, Caching caching = Caching::blocks,
                         unsigned most_cached_instructions = 1 << 19);

    RunResult run(Budget budget) override;
    std::string_view name() const override {
        return caching_ == Caching::blocks ? cached_name : uncached_name;
    }
    Traits traits() const override { return {.exact_stop = true, .exact_count = true, .concurrent = false}; }

  protected:
    /// Runs code until something needs attention.
    virtual void execute();

    /// The block at CS:RIP; nullptr after a fault in fetching it, with the exception noted.
    const Block* look_up();

    /// The same if it was looked up before and nothing has changed since; otherwise nullptr, and no fault.
    const Block* known_block();

    /// The instruction at CS:RIP, which begins at `address` in RAM; valid until the next one is asked for.
    /// nullptr after a fault in fetching the rest of it, with the exception noted.
    const x86::Instruction* instruction_at(u64 linear, GuestPhysical address);

    /// Whether a block has one instruction that is not cached: it crosses a page, lies at the end of its
    /// segment, or in device memory.
    bool is_single(const Block& block) const { return &block == &single_; }

    /// The linear address of CS:RIP.
    u64 linear_rip() const { return code_address().linear; }

    /// Runs a block from its start. Returns whether the fast path may go on with whatever is next.
    /// `before(instruction)` is called in front of each, when RIP is behind it.
    /// @{
    template <class Before>
    bool run_block(const Block& block, Before&& before);
    bool run_block(const Block& block);
    /// @}

    /// Whether the budget is spent, but for its slack.
    bool may_stop() const { return cpu_.state.retired >= may_stop_at_; }

    /// Ends an instruction that was run outside of run_block(). Returns the same.
    bool finish(u64 instruction_start, x86::Flow flow);

    x86::Cpu& cpu_;
    BlockCache cache_;

  private:
    /// Where a block was last found by linear address. It holds while neither the address space nor the cache
    /// has changed, and for the mode, privilege and code segment it was looked up with.
    struct CodeAddress {
        u64 linear = 0;
        u64 segment = 0; ///< Base and limit; 0 in 64-bit mode.

        bool operator==(const CodeAddress&) const = default;
    };
    struct JumpEntry {
        CodeAddress at;
        u64 key = ~u64{0};
        const Block* block = nullptr;
        x86::PageKind page{};
    };
    static constexpr unsigned jump_entries = 1 << 12;
    JumpEntry& jump_entry(u64 linear) { return jumps_[(linear ^ linear >> 12) % jump_entries]; }
    CodeAddress code_address() const;

    /// Why to return to the machine before the next instruction, or to go on.
    std::optional<Exit> reason_to_return();

    /// When attention is needed and no event was due.
    void halt_or_step();

    /// Runs one instruction under the rules that hold while attention is needed (x86/events.h).
    void step();

    /// After an instruction that did not complete: RIP goes back to it, and an exception is delivered.
    void abandon(u64 instruction_start, x86::Flow flow);

    struct FoundBlock {
        const Block* block;
        x86::PageKind page;
    };
    x86::Guest<FoundBlock> look_up_slowly(u64 linear);

    /// The block that starts at a guest-physical address, which is within the code segment; nullptr when the
    /// instruction there is to be fetched by decode_one().
    const Block* block_at(GuestPhysical address);

    /// Decodes up to the end of the page or of what follows for certain. Empty when the first instruction
    /// crosses into the next page.
    const Block* decode_block(GuestPhysical address);

    /// The first instruction there alone, not cached. nullptr when it crosses into the next page.
    const Block* decode_uncached(GuestPhysical address);

    /// The instruction at CS:RIP alone, which begins at `address` and goes on in the next page. It is no part
    /// of a block, as that page may be mapped elsewhere at any time.
    x86::Guest<const Block*> decode_crossing(u64 linear, GuestPhysical address);

    /// The instruction at CS:RIP alone, fetched byte by byte and not cached: it crosses a page, lies at the
    /// end of its segment, or in device memory.
    x86::Guest<const Block*> decode_one(u64 linear);

    u64 jump_key(bool is_global) const;

    const Caching caching_;
    std::array<JumpEntry, jump_entries> jumps_{};
    u64 stop_at_ = 0;
    u64 may_stop_at_ = 0;              ///< The same but for the budget's slack.
    std::optional<Exit> pending_exit_; ///< What the last instruction has led to.

    InstructionCache single_instructions_{10};   ///< By where they are.
    InstructionCache frequent_instructions_{14}; ///< By their bytes: most code repeats itself.
    Block single_{};
    x86::Instruction single_instruction_{};
};

template <class Before>
bool Interpreter::run_block(const Block& block, Before&& before) {
    x86::CpuState& state = cpu_.state;
    for (const x86::Instruction& instruction : block.instructions()) {
        const u64 start = state.rip;
        state.rip = start + instruction.length;
        before(instruction);
        const x86::Flow flow = instruction.handler(cpu_, instruction).flow();
        if (flow != x86::Flow::next) return finish(start, flow);
        ++state.retired;
        if (state.retired >= cpu_.check_at.load(std::memory_order_relaxed)) [[unlikely]]
            return false;
    }
    return true;
}

} // namespace ringer::engine
