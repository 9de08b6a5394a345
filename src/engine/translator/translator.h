#pragma once

#include "engine/interpreter/interpreter.h"
#include "engine/translator/code_cache.h"
#include "engine/translator/context.h"
#include "engine/translator/runtime.h"

namespace ringer::engine {

/// Dynamic binary translation: blocks of 64-bit code that run often are copied into a code cache and executed
/// by the host's CPU, everything else by the interpreter.
///
/// Needs CpuModel::translations, and lies within 2 GiB of its vCPU.
class Translator final : public Interpreter, private BlockObserver, private x86::MappingObserver {
  public:
    static constexpr std::string_view lazy_name = "translator", eager_name = "translator-eager";
    /// How often a block is interpreted before it is translated: until it has paid to do so, or never.
    static constexpr u32 lazily = 16, eagerly = 1;

    explicit Translator(x86::Cpu& cpu, u32 hot = lazily);
    ~Translator() override;

    Counters counters() const override;
    std::string_view name() const override { return hot_ == eagerly ? eager_name : lazy_name; }

  private:
    void execute() override;

    /// The current block's translation for the present condition; nullptr: it is to be interpreted.
    translator::Translation* translation_of(const Block& block, translator::Checking checking);
    translator::Condition condition() const;

    /// Runs translated code from RIP on. Returns whether the fast path may go on.
    bool enter(const translator::Translation& translation);

    static const void* run_instruction_for(translator::Context* context, const x86::Instruction* instruction,
                                           u32 place);
    static bool fill_tlb_for(translator::Context* context, u64 linear, u32 probe);
    const void* run_instruction(const x86::Instruction& instruction, translator::Place place);
    /// After an instruction that has changed RIP, the mode or more: the code there, if it is at hand.
    const void* code_at_rip();

    /// Notes where the translation of the block that look_up() has found at RIP is, for jumps to there.
    void add_jump(const translator::Translation& translation);
    void clear_jumps();

    void block_dropped(const Block& block) override;
    void all_blocks_dropped() override;
    void all_mappings_dropped() override;
    void local_mappings_dropped() override;
    void page_dropped(u64 linear) override;

    const u32 hot_;

    /// What has ended translated code, if an instruction has.
    struct Departure {
        u64 instruction_start;
        x86::Flow flow;
    };
    std::optional<Departure> departure_;
    u64 left_by_ = 0; ///< The link that translated code was left by; 0: none, or it is gone.

    /// How often, by mnemonic, an instruction was interpreted in the middle of translated code.
    std::vector<u64> interpreted_ = std::vector<u64>(ZYDIS_MNEMONIC_MAX_VALUE + 1);
    u64 entries_ = 0;    ///< Of translated code from the dispatcher.
    u64 blocks_run_ = 0; ///< By the interpreter.
    u64 chained_ = 0;    ///< Links made.

    translator::Condition jumps_condition_; ///< For which the jump caches hold, whatever its view.
    x86::LargePages large_code_pages_;      ///< That jump caches may have entries of.

    translator::ContextOnStack frame_;
    translator::Context& context_ = frame_.context;
    translator::Runtime runtime_;
    translator::CodeCache code_;
};

} // namespace ringer::engine
