#pragma once

#include "engine/translator/emitter.h"
#include "engine/translator/guest_block.h"

#include <optional>

namespace ringer::engine::translator {

/// A value from which flags follow, where it can be found as long as its register is not written.
struct FlagOperand {
    enum class Kind : u8 { guest_register, immediate, capture };
    Kind kind = Kind::immediate;
    u8 number = 0; ///< Of the guest register.
    i32 immediate = 0;

    bool is_register(int guest) const { return kind == Kind::guest_register && number == guest; }
};

/// How to compute the flags of the last instruction that set them.
struct FlagRecipe {
    FlagKind kind;
    u8 size; ///< In bytes.
    FlagOperand a, b;
};

/// Where the guest's flags are at a point of a block that is being translated. At least one of three holds:
/// they are in EFLAGS, a recipe gives them, or the context's record does.
class FlagTracker {
  public:
    explicit FlagTracker(Context& context, Emitter& emitter) : context_(context), emitter_(emitter) {}

    /// Before something destroys EFLAGS. `used_later`: an instruction of this block needs them there again.
    void give_up_host(bool used_later);

    /// Gets them into EFLAGS, by way of `temporary`.
    void restore(HostRegister temporary, const void* evaluate_flags);

    /// Before a guest register is written: a recipe may depend on it.
    void before_write(int guest);

    /// After an instruction that has set them in EFLAGS.
    void set_by_host(std::optional<FlagRecipe> recipe);
    /// After something that has left FlagKind::status in the record.
    void set_by_record();
    bool in_host() const { return in_host_; }

    /// Sees to it that the record gives them. EFLAGS are kept.
    void record();
    /// The same in code that is emitted later, for a branch out of this point.
    class Snapshot {
      public:
        void record(Context& context, Emitter& emitter) const;

      private:
        friend FlagTracker;
        bool in_record_ = true;
        std::optional<FlagRecipe> recipe_;
    };
    /// They must not be in EFLAGS alone; prepare_snapshot() sees to that, and keeps EFLAGS.
    /// @{
    Snapshot snapshot() const;
    void prepare_snapshot() {
        if (!recipe_) record();
    }
    /// @}

  private:
    bool in_host_ = false;
    bool in_record_ = true;
    bool record_is_status_ = false;
    std::optional<FlagRecipe> recipe_;
    Context& context_;
    Emitter& emitter_;
};

} // namespace ringer::engine::translator
