#pragma once

#include "memory/address_space.h"
#include "memory/shadow_space.h"
#include "x86/cpu.h"

#include <optional>
#include <unordered_map>
#include <vector>

namespace ringer::engine::translator {

/// What one address space, its owner, has mapped in the shadow space, for the accesses of its user code, or
/// of all its code where there is no paging. Like the TLB it may hold less than the architecture's TLB and
/// never more: pages are mapped as they are accessed, and go by the same rules.
class ShadowMap {
  public:
    /// `space` may be nullptr: then nothing is ever mapped.
    ShadowMap(x86::Cpu& cpu, memory::ShadowSpace* space) : cpu_(cpu), space_(space) {}

    /// Whether such code of the current address space is to rely on it.
    bool serves() const { return owner_ == current_ && is_owned_; }
    /// Whether it is to for its stack as well.
    bool serves_stack() const { return serves() && !gave_up_stack_; }
    /// As of a stack that lies in one page with code, which the host would refuse to write each time.
    void give_up_stack() { gave_up_stack_ = true; }

    /// Before the present thread runs any translated code.
    void prepare_thread() {
        if (is_owned_) space_->enter_thread();
    }

    /// Notes that such code of the current address space runs now, as is seen from time to time. Returns
    /// whether the space has become the owner, or is it no longer, as too many accesses were refused.
    bool note_code(u32 times_to_own);

    /// Maps the page of an access that was refused, and what is beside it and mapped alike. False when
    /// the access is to be seen.
    bool map(u64 linear, bool is_write);
    /// Before user code runs: maps the page of a user's access that has faulted, if it is there by now. Code
    /// that has made one access to it will make more.
    void map_awaited();

    /// @name See x86::MappingObserver
    /// @{
    void clear();
    /// Returns whether the address space is owner no longer, as it has turned out to be another one: where
    /// there are no process-context identifiers.
    bool clear_local();
    void enter_space(u64 number) { current_ = number; }
    void drop_page(u64 linear);
    void revoke_write(const u8* host_page);
    void revoke_writes() { clear(); }
    /// @}

    struct Counts {
        u64 refused = 0, mapped = 0, cleared = 0;
    };
    const Counts& counts() const { return counts_; }

  private:
    struct Page {
        const u8* host;
        bool writable, is_global;
        u8 size_bits; ///< See x86::PageKind.

        bool operator==(const Page&) const = default;
    };
    struct AwaitedPage {
        u64 linear;
        bool is_write;
    };
    /// Pages that follow one another in both.
    struct Run {
        u64 linear;
        const u8* host;
        u64 pages;
        bool writable;

        bool goes_on_at(const Page& page) const {
            return page.host == host + pages * memory::page_size && page.writable == writable;
        }
    };

    bool can_map(u64 linear) const;
    std::optional<Page> find(u64 linear) const;
    void add(u64 linear, const Page& page);
    void drop(u64 linear);
    void lose_owner();
    bool map_present(u64 linear, bool is_write);
    void unmap(std::vector<u64> pages);

    static constexpr std::size_t most_pages = 16 << 10; ///< The host has a limit, by default at 65,530.

    x86::Cpu& cpu_;
    memory::ShadowSpace* const space_;
    std::unordered_map<u64, Page> pages_;                 ///< By linear address.
    std::unordered_multimap<const u8*, u64> writable_at_; ///< Linear addresses by the host's.
    x86::LargePages large_pages_;
    std::optional<AwaitedPage> awaited_;
    bool is_owned_ = false, gave_up_stack_ = false;
    u64 owner_ = 0, current_ = 0;
    u64 candidate_ = 0;
    u32 seen_ = 0;     ///< How often in a row it was the candidate that ran.
    u64 lost_ = 0;     ///< The last one that was owner and is no longer,
    u32 patience_ = 1; ///< and how much longer it takes to become one again. Grows each time.
    u64 strain_ = 0;   ///< Accesses refused, and what took as long, beyond what is usual.
    u64 refused_before_ = 0;
    Counts counts_;
};

} // namespace ringer::engine::translator
