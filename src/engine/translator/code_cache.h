#pragma once

#include "base/assert.h"
#include "engine/translator/block_translator.h"
#include "engine/translator/runtime.h"

#include <deque>
#include <vector>

namespace ringer::engine::translator {

/// One block's code, under one condition.
struct Translation {
    Condition condition;
    Checking checking;
    u16 instructions;
    const u8* code;
    Translation* next;           ///< Of the same block.
    std::vector<u32> incoming{}; ///< Links that jump here.
};

/// Translated code, in memory of a fixed size that is used from front to end; when it is full all of it is
/// dropped. Translations belong to the blocks of a BlockCache and end with them.
class CodeCache {
  public:
    /// `memory` is what the runtime has left of it.
    explicit CodeCache(x86::CodeMemory memory) : memory_(memory) {}

    /// Whether the largest translation might not fit any more.
    bool is_full() const { return memory_.writable.size() - used_ < largest_translation; }

    /// Translates a block and adds the result to it. nullptr: there is nothing in it that could be. Not to be
    /// called when it is_full().
    Translation* add(const Block& block, const u8* bytes, const x86::CpuModel& model, Context& context,
                     const Runtime& runtime, const Condition& condition, Checking checking);

    /// The kind of translation that a jump wants. `number` as in Context::left_by.
    Checking checking_of(u64 number) const {
        RINGER_ASSERT(number <= links_.size());
        return links_[number - 1].checking;
    }
    /// Makes a jump that was left by go on at `target`. `number` as in Context::left_by.
    void link(u64 number, Translation& target);

    /// Before a block goes: nothing jumps to its translations any more. Their code stays as long as somebody
    /// may be in the middle of it, which is until add() is called.
    void drop(const Block& block);
    void drop_all();

    /// @name Statistics
    /// @{
    u64 bytes_used() const { return used_; }
    u64 translations_made() const { return made_; }
    u64 careful_translations_made() const { return made_careful_; } ///< Of these.
    u64 flushes() const {
        return flushes_;
    } ///< How often all of it was dropped.
      /// @}

  private:
    static constexpr std::size_t largest_translation = 64 << 10;

    struct Link {
        u32 displacement_at, unlinked_target; ///< In memory_.
        Checking checking;
    };
    void set_target(const Link& link, const u8* target);

    x86::CodeMemory memory_;
    std::size_t used_ = 0;
    u64 made_ = 0, made_careful_ = 0, flushes_ = 0;
    std::deque<Translation> translations_;
    std::vector<Link> links_;
};

} // namespace ringer::engine::translator
