#pragma once

#include "engine/translator/emitter.h"
#include "engine/translator/side_exit.h"

#include <array>

/// Code that computes flags anew. All of it overwrites scratch_b and nothing else.
namespace ringer::engine::translator {

/// Gets the flags of a recipe into EFLAGS, by doing its operation once more.
void compute_flags(Context& context, Emitter& emitter, const FlagRecipe& recipe);

/// Puts the carry flag into bit 0 of the record's b, and keeps it but not the other flags.
void record_carry(Context& context, Emitter& emitter);

/// Emits what gets the flags of the context's record into EFLAGS, whatever kind it is of. It is to be called
/// from translated code, and jumps by Context::flag_evaluators.
class FlagEvaluator {
  public:
    FlagEvaluator(Context& context, Emitter& emitter);

    asmjit::Label entry() const { return entry_; }

    /// Fills in the table, once it is known where the emitter's code begins.
    void enter_addresses(const u8* code) const;

  private:
    void compute_recorded(FlagKind kind, u8 size, bool has_small);

    Context& context_;
    Emitter& emitter_;
    asmjit::Label entry_;
    std::array<asmjit::Label, FlagRecord::codes> pieces_;
};

} // namespace ringer::engine::translator
