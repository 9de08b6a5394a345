#pragma once

#include "engine/translator/access_plan.h"
#include "engine/translator/flags.h"
#include "engine/translator/x87_image.h"
#include "x86/cpu.h"

#include <array>

namespace ringer::engine {
class Translator;
}

namespace ringer::engine::translator {

/// What a translation depends on besides its bytes: which accesses its checks allow, and which instructions
/// it may run on the host's registers.
struct Condition {
    u8 view = 0;                    ///< x86::TlbView.
    bool sse = false, avx = false;  ///< May be executed now without #UD or #NM.
    bool exceptions_masked = false; ///< By MXCSR.
    bool x87 = false; ///< x87 and MMX may be used without #NM, and all x87 exceptions are masked.

    bool operator==(const Condition&) const = default;
    bool same_but_view(Condition other) const {
        other.view = view;
        return *this == other;
    }
};

/// Code addresses by linear address, for indirect branches and those that leave a page. One for each view, as
/// code does not change the view by itself.
class JumpCache {
  public:
    static constexpr unsigned entries = 16384;
    /// The lowest address bits by which branch targets differ often enough.
    static constexpr unsigned index_shift = 3;
    /// A target that has another index: none that is looked for there equals it.
    static constexpr u64 nowhere(unsigned at) { return u64{at ^ entries / 2} << index_shift; }

    std::array<u64, entries> linear;
    std::array<const void*, entries> code{};

    JumpCache() { clear(); }

    static constexpr unsigned index(u64 target) { return (target >> index_shift) % entries; }

    /// nullptr: not known.
    const void* find(u64 target) const {
        const unsigned at = index(target);
        return linear[at] == target ? code[at] : nullptr;
    }
    void add(u64 target, const void* entry, bool is_global) {
        const auto at = static_cast<u16>(index(target));
        if (!is_global) {
            if (local_count_ < local_.size()) local_[local_count_] = at;
            ++local_count_;
        }
        linear[at] = target;
        code[at] = entry;
    }

    void clear() {
        for (unsigned at = 0; at < entries; ++at) linear[at] = nowhere(at);
        local_count_ = 0;
    }
    /// Drops at least those that were not added as global.
    void clear_local() {
        if (local_count_ > local_.size()) return clear();
        for (unsigned i = 0; i < local_count_; ++i) linear[local_[i]] = nowhere(local_[i]);
        local_count_ = 0;
    }
    void clear_page(u64 page) {
        constexpr unsigned indices_of_page = 0x1000 >> index_shift;
        const unsigned first = index(page & ~u64{0xfff});
        for (unsigned at = first; at < first + indices_of_page; ++at)
            if ((linear[at] ^ page) >> 12 == 0) linear[at] = nowhere(at);
    }
    /// Wherever it is mapped; `target` is right in its lower 12 bits.
    void clear_code(u64 target, const void* entry) {
        for (unsigned i = 0; i < entries; i += 0x1000 >> index_shift) {
            const unsigned at = (index(target) + i) % entries;
            if (code[at] == entry) linear[at] = nowhere(at);
        }
    }

  private:
    std::array<u16, 512> local_; ///< Where others than global ones were added since clear_local().
    unsigned local_count_ = 0;
};

/// What translated code addresses relative to RSP, which points here. So it does the vCPU's state, which must
/// lie within 2 GiB.
struct alignas(64) Context {
    u64 page_base = 0;                      ///< The linear address of the page whose code runs.
    FlagRecord flags{};                     ///< The guest's status flags at the start of every block.
    u64 capture = 0;                        ///< An operand from which flags follow.
    u64 target = 0;                         ///< Where a call goes on in the guest, and
    u64 target_code = 0;                    ///< in the code cache.
    std::array<u64, most_groups> addends{}; ///< Of the groups of accesses that the block has checked.
    u64 may_access = 0;                     ///< What Runtime::probe has found.
    u64 vectors_live = 0;                   ///< The guest's vector registers and MXCSR are in the host's.
    u64 x87_live = 0; ///< So are its x87 (and MMX) registers, but for the pointers to the last instruction.
    u16 x87_control = 0; ///< What FLDCW loads, once it has been looked at.

    u64 host_stack = 0;
    u64 resume = 0;
    u64 left_by = 0; ///< The link that had no target, plus 1; 0: something else.
    u32 host_mxcsr = 0;

    u64 tlb_index_bits = u64{x86::Tlb::entries - 1} << 12;
    u64 jump_index_bits = u64{JumpCache::entries - 1} << JumpCache::index_shift;

    alignas(64) X87Image x87_image{}; ///< On the way between the host and the vCPU.

    x86::Cpu* cpu = nullptr;
    Translator* engine = nullptr;

    std::array<JumpCache, 3> jumps{};
};

/// The context with a stack below, for what calls and signals push while RSP points to the context.
struct ContextOnStack {
    alignas(64) std::array<u8, 64 << 10> stack;
    Context context;
};

} // namespace ringer::engine::translator
