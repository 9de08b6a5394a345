#include "engine/translator/code_cache.h"

#include "base/bits.h"
#include "engine/translator/explain.h"
#include "x86/cpuid.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ringer::engine::translator {

namespace {

/// With all that is kept beside it.
constexpr u32 largest_translation = 32 * KiB;

} // namespace

bool Translation::overlaps(GuestPhysical begin, u64 size) const {
    const u64 in_first_page = std::min<u64>(bytes, memory::page_size - address % memory::page_size);
    const auto meet = [=](GuestPhysical first, u64 count) {
        return begin < first + count && first < begin + size;
    };
    return meet(address, in_first_page) || (crosses() && meet(next_page(), bytes - in_first_page));
}

CodeCache::CodeCache(x86::CodeMemory memory)
    : memory_(memory),
      segment_bytes_(static_cast<u32>(align_down(memory.writable.size() / segment_count, 64))),
      buckets_(buckets), marks_(buckets), failures_(1 << 12) {
    RINGER_ASSERT(segment_bytes_ > largest_translation);
    for (unsigned i = 0; i < segment_count; ++i) {
        segments_[i].begin = i * segment_bytes_;
        evict(segments_[i]);
    }
}

CodeCache::Hash CodeCache::hash(GuestPhysical address) {
    const u64 mixed = address * 0x9e37'79b9'7f4a'7c15;
    return {.bucket = static_cast<u32>(mixed >> 40) % buckets, .mark = static_cast<u16>(1 << (mixed >> 60))};
}

Translation* CodeCache::find(GuestPhysical address, const Condition& condition, Checking checking) const {
    const Hash at = hash(address);
    if (!(marks_[at.bucket] & at.mark)) return nullptr;
    Translation* each = buckets_[at.bucket];
    while (each && !(each->address == address && each->condition == condition && each->checking == checking))
        each = each->next_in_bucket;
    return each;
}

Translation* CodeCache::add(const CodeBytes& bytes, const x86::CpuModel& model, Context& context,
                            const Runtime& runtime, const Condition& condition, Checking checking) {
    const auto is_translated = [&](GuestPhysical next) { return find(next, condition, checking) != nullptr; };
    analyze(block_, bytes.address, bytes.bytes, model, condition,
            ungrouped_.contains(bytes.address) ? Checking::careful : checking, std::ref(is_translated));
    evicted_ = {};
    if (block_.instructions.empty()) return nullptr;
    Segment& segment = segment_with_room();
    const u32 code = segment.front + u32{sizeof(Header)};
    const auto in_both = in_both_.find(bytes.address);
    BlockTranslator translator(context, runtime, condition, model.is_amd,
                               memory_.part(code, segment.back - code),
                               in_both == in_both_.end() ? 0 : in_both->second);
    translator.translate(block_);
    const u32 unsaved = segment.back - static_cast<u32>(translator.unsaved().size_bytes());
    const u32 stubs =
        unsaved - u32{sizeof(code)} - static_cast<u32>(translator.exits().size() * sizeof(ExitStub));
    RINGER_ASSERT(segment.has_room_for(segment.back - stubs + static_cast<u32>(translator.code_size()) +
                                       u32{sizeof(Header)}));

    const auto first_offset = static_cast<u16>(bytes.address % memory::page_size);
    const Hash at = hash(bytes.address);
    marks_[at.bucket] |= at.mark;
    Translation*& head = buckets_[at.bucket];
    Translation*& page = pages_[bytes.address >> memory::page_shift];
    const u64 next_page_number =
        block_.crosses() ? *bytes.next_page >> memory::page_shift : Translation::none;
    RINGER_ASSERT(next_page_number <= Translation::none);
    Translation& added = segment.translations.emplace_back(
        bytes.address, condition, static_cast<u32>(next_page_number), code, stubs,
        static_cast<u16>(block_.instructions.back().end_in_page() - first_offset),
        static_cast<u8>(block_.instructions.size()), checking, false, head, page);
    head = page = &added;
    if (added.crosses()) crossing_into_.emplace(added.next_page(), &added);

    const Header header{&added};
    std::memcpy(&memory_.writable[code - sizeof(Header)], &header, sizeof(header));
    write(unsaved - u32{sizeof(code)}, code);
    std::memcpy(&memory_.writable[unsaved], translator.unsaved().data(), translator.unsaved().size_bytes());
    add_stubs(stubs, translator.exits(), runtime);
    translator.finish(reinterpret_cast<const ExitStub*>(memory_.executable + stubs));
    if (const auto linear = std::exchange(explain_next_, std::nullopt))
        explanation_ =
            explain(block_, translator, context, {memory_.executable + code, translator.code_size()},
                    reinterpret_cast<const ExitStub*>(memory_.executable + stubs), *linear);
    segment.front = static_cast<u32>(align_up(code + translator.code_size(), sizeof(Header)));
    segment.back = align_down(stubs, u32{alignof(Unsaved)});
    ++made_;
    made_careful_ += checking == Checking::careful;
    return &added;
}

void CodeCache::add_stubs(u32 at, std::span<const SideExit> exits, const Runtime& runtime) {
    auto stubs_behind = static_cast<u16>(exits.size());
    for (const SideExit& exit : exits) {
        ExitStub stub{.exit = exit};
        stub.exit.stubs_behind = --stubs_behind;
        const u8* const returns_to = memory_.executable + at + offsetof(ExitStub, exit);
        stub.displacement = static_cast<i32>(static_cast<const u8*>(runtime.call_engine) - returns_to);
        std::memcpy(&memory_.writable[at], &stub, sizeof(stub));
        at += u32{sizeof(stub)};
    }
}

CodeCache::Segment& CodeCache::segment_with_room() {
    if (!segments_[current_].has_room_for(largest_translation)) {
        current_ = (current_ + 1) % segment_count;
        evict(segments_[current_]);
        evicted_ = {memory_.executable + segments_[current_].begin, segment_bytes_};
    }
    return segments_[current_];
}

void CodeCache::evict(Segment& segment) {
    evictions_ += !segment.translations.empty();
    for (Translation& each : segment.translations)
        if (!each.is_dropped) forget(each);
    segment.translations.clear();
    segment.front = align_up(segment.begin, u32{sizeof(Header)});
    segment.back = segment.begin + segment_bytes_;
    ++segment.made;
}

CodeCache::Written CodeCache::code_written(GuestPhysical address, u64 size) {
    const GuestPhysical page = align_down(address, memory::page_size);
    Written written{.dropped = false, .stays = false};
    std::vector<Translation*> touched;
    const auto look_at = [&](Translation& each) {
        if (each.overlaps(address, size))
            touched.push_back(&each);
        else
            written.stays = true;
    };
    if (const auto first = pages_.find(page >> memory::page_shift); first != pages_.end())
        for (Translation* each = first->second; each; each = each->next_in_page) look_at(*each);
    const auto [begin, end] = crossing_into_.equal_range(page);
    for (auto each = begin; each != end; ++each) look_at(*each->second);
    for (Translation* const each : touched) drop(*each);
    written.dropped = !touched.empty();
    return written;
}

void CodeCache::note_failed_group(Translation& translation, u64 linear, u64 retired) {
    constexpr u64 soon = 20000; // What a failure costs is little beside more instructions than that.
    constexpr u32 most_failures = 64;
    constexpr std::size_t most_noted = 4096;
    Failures& last = failures_[hash(translation.address).bucket % failures_.size()];
    const bool is_rule =
        last.block == translation.address && last.linear == linear && retired - last.at < soon;
    last = {
        .block = translation.address, .linear = linear, .at = retired, .count = is_rule ? last.count + 1 : 0};
    if (last.count < most_failures || translation.is_dropped) return;
    last = {};
    if (ungrouped_.size() == most_noted) ungrouped_.clear();
    ungrouped_.insert(translation.address);
    drop(translation);
}

void CodeCache::note_refused(Translation& translation, u64 retired) {
    note_failed_group(translation, 0, retired);
}

void CodeCache::note_wrong_region(Translation& translation, unsigned group) {
    constexpr std::size_t most_noted = 1 << 14;
    if (translation.is_dropped) return;
    if (in_both_.size() == most_noted) in_both_.clear();
    if (ungrouped_.size() == most_noted) ungrouped_.clear();
    u64& in_both = in_both_[translation.address];
    const u64 bit = group < most_groups ? u64{1} << group : 0;
    if (bit == 0 || (in_both & bit) != 0)
        ungrouped_.insert(translation.address);
    else
        in_both |= bit;
    drop(translation);
}

CodeCache::RefusedExit CodeCache::exit_of_refused(const u8* code) const {
    const auto at = static_cast<u32>(code - memory_.executable);
    const auto& translations = segment_of(at).translations;
    const Translation& translation =
        *std::prev(std::ranges::upper_bound(translations, at, {}, &Translation::code));
    for (u32 stub = translation.leave;; stub += u32{sizeof(ExitStub)}) {
        SideExit exit;
        std::memcpy(&exit, memory_.executable + stub + offsetof(ExitStub, exit), sizeof(exit));
        if (exit.is_refused() && exit.behind_check == at - translation.code)
            return {memory_.executable + stub, exit.kind == SideExit::Kind::refused_with_flags};
        RINGER_ASSERT(exit.stubs_behind > 0);
    }
}

void CodeCache::drop(Translation& translation) {
    forget(translation);
    translation.is_dropped = true;
    constexpr u8 jump_near = 0xe9;
    memory_.writable[translation.code] = jump_near;
    write(translation.code + 1, displacement(translation.code + 1, translation.leave));
}

void CodeCache::forget(Translation& translation) {
    const auto take_out = [&translation](Translation*& head, Translation* Translation::* next) {
        Translation** link = &head;
        while (*link != &translation) link = &((*link)->*next);
        *link = translation.*next;
    };
    const u32 bucket = hash(translation.address).bucket;
    take_out(buckets_[bucket], &Translation::next_in_bucket);
    marks_[bucket] = 0;
    for (const Translation* each = buckets_[bucket]; each; each = each->next_in_bucket)
        marks_[bucket] |= hash(each->address).mark;
    const auto page = pages_.find(translation.address >> memory::page_shift);
    take_out(page->second, &Translation::next_in_page);
    if (!page->second) pages_.erase(page);
    if (translation.crosses()) {
        auto crossing = crossing_into_.find(translation.next_page());
        while (crossing->second != &translation) ++crossing;
        crossing_into_.erase(crossing);
    }
    for (const Link& each : translation.incoming) unlink(each);
    translation.incoming.clear();
}

Translation& CodeCache::translation_at(const void* code) const {
    Header header;
    std::memcpy(&header, static_cast<const u8*>(code) - sizeof(header), sizeof(header));
    return *header.translation;
}

CodeCache::Place CodeCache::place_of_call(const void* returns_to) const {
    const auto exit = static_cast<u32>(static_cast<const u8*>(returns_to) - memory_.executable);
    return place_of_stub(exit - u32{offsetof(ExitStub, exit)});
}

CodeCache::Place CodeCache::place_of_stub(u32 stub) const {
    SideExit exit;
    std::memcpy(&exit, memory_.executable + stub + offsetof(ExitStub, exit), sizeof(exit));
    const u32 behind_stubs = stub + (exit.stubs_behind + 1U) * u32{sizeof(ExitStub)};
    const u32 code = read(behind_stubs);
    Unsaved unsaved;
    std::memcpy(&unsaved, memory_.executable + behind_stubs + sizeof(code) + exit.unsaved * sizeof(unsaved),
                sizeof(unsaved));
    return {translation_at(memory_.executable + code), stub, exit, unsaved};
}

Link CodeCache::link_at(const Place& place) const {
    return {.stub = place.stub, .segment_made = segment_of(place.stub).made};
}

/// The page may have been mapped elsewhere since the jump's own code was found.
void CodeCache::link(const Link& link, Translation& target) {
    if (!is_there(link)) return;
    const Place place = place_of_stub(link.stub);
    const bool is_in_page = place.exit.offset_in_page < memory::page_size;
    if (!is_in_page || target.page() != place.translation.page()) return;
    const u32 displacement_at = place.translation.code + place.exit.behind_check;
    add_incoming(target, link);
    write(displacement_at, displacement(displacement_at, target.code));
}

void CodeCache::link_far(const Place& place, Translation& target, u32 stamp) {
    const u32 code = place.translation.code;
    const u32 displacement_at = code + place.exit.behind;
    const bool was_linked = read(stamp_at(place)) != JumpCaches::unlinked;
    const u32 old_target = displacement_at + u32{sizeof(u32)} + read(displacement_at);
    note_stamp(place, stamp);
    if (was_linked && old_target == target.code) return;
    if (was_linked) std::erase(translation_at(memory_.executable + old_target).incoming, link_at(place));
    add_incoming(target, link_at(place));
    write(displacement_at, displacement(displacement_at, target.code));
}

void CodeCache::note_stamp(const Place& place, u32 stamp) { write(stamp_at(place), stamp); }

u32 CodeCache::stamp_at(const Place& place) {
    return place.translation.code + place.exit.behind_check + BlockTranslator::stamp_in_check;
}

void CodeCache::add_incoming(Translation& target, const Link& link) {
    auto& incoming = target.incoming;
    if (incoming.size() == incoming.capacity())
        std::erase_if(incoming, [this](const Link& each) { return !is_there(each); });
    incoming.push_back(link);
    ++linked_;
}

/// A jump within a page goes to its stub again; one to another page compares a stamp that there never is.
void CodeCache::unlink(const Link& link) {
    if (!is_there(link)) return;
    const Place place = place_of_stub(link.stub);
    const u32 at = place.translation.code + place.exit.behind_check;
    const bool is_far =
        place.exit.kind == SideExit::Kind::far || place.exit.kind == SideExit::Kind::following;
    if (is_far)
        note_stamp(place, JumpCaches::unlinked);
    else
        write(at, displacement(at, link.stub));
}

u32 CodeCache::read(u32 at) const {
    u32 value;
    std::memcpy(&value, memory_.executable + at, sizeof(value));
    return value;
}

void CodeCache::write(u32 at, u32 value) { std::memcpy(&memory_.writable[at], &value, sizeof(value)); }

u64 CodeCache::bytes_used() const {
    u64 used = 0;
    for (const Segment& each : segments_) used += segment_bytes_ - (each.back - each.front);
    return used;
}

} // namespace ringer::engine::translator
