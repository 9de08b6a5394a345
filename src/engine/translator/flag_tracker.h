#pragma once

#include "engine/translator/emitter.h"
#include "engine/translator/side_exit.h"

#include <optional>

namespace ringer::engine::translator {

/// Where the guest's flags are at a point of a block that is being translated. At least one of three holds:
/// they are in EFLAGS, a recipe gives them, or the context's record does; but for those that nobody looks at.
class FlagTracker {
  public:
    explicit FlagTracker(Context& context, Emitter& emitter) : context_(context), emitter_(emitter) {}

    /// Before something destroys EFLAGS.
    void give_up_host(FlagDemand demand);

    /// Gets them into EFLAGS. scratch_b is overwritten.
    void restore(const void* evaluate_flags);

    /// Before a guest register is written: a recipe that depends on it goes by what is recorded from then on.
    /// Uses scratch_b.
    void before_write(int guest, FlagDemand demand);

    /// Before the context's capture is overwritten by an instruction that may yet be refused.
    void before_capture();

    /// Puts the carry flag into the host's and into the record's b, before an instruction keeps it and
    /// changes the others. Returns whether that takes a look at the record's kind: then b has it if
    /// keeps_carry(), and nothing was done. scratch_b is overwritten.
    bool keep_carry();

    /// After an instruction that has set them in EFLAGS.
    void set_by_host(std::optional<FlagRecipe> recipe);
    /// After an instruction that has changed them in EFLAGS, if they were there. They follow from what those
    /// did before.
    void set_behind(const FlagRecipe& recipe);
    /// After an instruction whose flags follow from the record, where they are not, by a recipe that only the
    /// engine can follow.
    void set_over_record(const FlagRecipe& recipe);
    /// After something that has left FlagKind::status in the record.
    void set_by_record();
    bool in_host() const { return in_host_; }
    /// A jump on a condition of theirs was not taken.
    void know_carry_unless(host::CondCode condition);
    /// The carry flag, if it is known now.
    std::optional<bool> known_carry() const;
    bool is_only_in_host() const { return in_host_ && !recipe_ && !in_record_; }
    /// Whether they follow from values in the record, which the engine does not keep when it runs an
    /// instruction: but for a carry flag in b.
    bool follow_from_record() const;
    /// When nobody looks at them any more.
    void drop() {
        in_host_ = false;
        recipe_.reset();
        known_carry_.reset();
        give_up_all();
    }

    /// For code that is emitted later, and runs from the present point on.
    /// @{
    struct State {
        bool in_host = false, in_record = true, record_is_status = false;
        std::optional<FlagRecipe> recipe;
        std::optional<bool> known_carry;
    };
    State state() const { return {in_host_, in_record_, record_is_status_, recipe_, known_carry_}; }
    void set_state(const State& state);
    /// @}

    /// Sees to it that the record gives them. EFLAGS are kept.
    void record();
    /// What record() has to do, for the engine. They must not be in EFLAGS alone.
    std::optional<FlagRecipe> recipe_to_record() const;

  private:
    /// Nobody looks at what the record has.
    void give_up_all() {
        in_record_ = true;
        record_is_status_ = false;
    }

    bool in_host_ = false;
    bool in_record_ = true;
    bool record_is_status_ = false;
    std::optional<FlagRecipe> recipe_;
    std::optional<bool> known_carry_; ///< From a jump that was not taken.
    Context& context_;
    Emitter& emitter_;
};

} // namespace ringer::engine::translator
