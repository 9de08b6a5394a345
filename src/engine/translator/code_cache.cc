#include "engine/translator/code_cache.h"

#include "base/bits.h"
#include "x86/cpuid.h"

#include <cstring>

namespace ringer::engine::translator {

Translation* CodeCache::add(const Block& block, const u8* bytes, const x86::CpuModel& model, Context& context,
                            const Runtime& runtime, const Condition& condition, Checking checking) {
    const GuestBlock guest = analyze(block, bytes, model, condition, checking);
    if (guest.instructions.empty()) return nullptr;
    const u8* const code = memory_.executable + used_;
    BlockTranslator translator(context, runtime, condition, model.is_amd, code,
                               static_cast<u32>(links_.size()));
    translator.translate(guest);
    const std::size_t size = translator.finish(memory_.writable.subspan(used_));
    RINGER_ASSERT(size != 0);
    for (const LinkSite& site : translator.links()) {
        links_.push_back({static_cast<u32>(used_ + site.displacement_at),
                          static_cast<u32>(used_ + site.unlinked_target), site.checking});
        set_target(links_.back(), memory_.executable + links_.back().unlinked_target);
    }
    used_ = align_up(used_ + size, 16);
    ++made_;
    made_careful_ += checking == Checking::careful;
    translations_.push_back({.condition = condition,
                             .checking = checking,
                             .instructions = static_cast<u16>(guest.instructions.size()),
                             .code = code,
                             .next = block.translations});
    return block.translations = &translations_.back();
}

void CodeCache::set_target(const Link& link, const u8* target) {
    const u8* const behind = memory_.executable + link.displacement_at + sizeof(i32);
    const auto displacement = static_cast<i32>(target - behind);
    std::memcpy(memory_.writable.data() + link.displacement_at, &displacement, sizeof(displacement));
}

void CodeCache::link(u64 number, Translation& target) {
    const auto index = static_cast<u32>(number - 1);
    target.incoming.push_back(index);
    set_target(links_[index], target.code);
}

void CodeCache::drop(const Block& block) {
    for (const Translation* each = block.translations; each; each = each->next) {
        for (const u32 index : each->incoming)
            set_target(links_[index], memory_.executable + links_[index].unlinked_target);
    }
}

void CodeCache::drop_all() {
    flushes_ += used_ != 0;
    used_ = 0;
    translations_.clear();
    links_.clear();
}

} // namespace ringer::engine::translator
