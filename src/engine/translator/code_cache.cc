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
constexpr u32 largest_translation = 40 * KiB;

} // namespace

CodeCache::CodeCache(x86::CodeMemory memory)
    : memory_(memory),
      segment_bytes_(static_cast<u32>(align_down(memory.writable.size() / segment_count, 64))),
      failures_(failures_kept) {
    RINGER_ASSERT(segment_bytes_ > largest_translation);
    for (unsigned i = 0; i < segment_count; ++i) {
        segments_[i].begin = i * segment_bytes_;
        evict(segments_[i]);
    }
}

u64 CodeCache::key(GuestPhysical address, const Condition& condition) {
    const u64 kind = condition.view | unsigned{condition.is_shadowed} << 2 |
                     unsigned{condition.has_high_stack} << 3 | unsigned{condition.avx} << 4 |
                     unsigned{condition.x87} << 5;
    return address ^ kind << 52;
}

Translation* CodeCache::find(GuestPhysical address, Region region, const Condition& condition,
                             Checking checking) const {
    return translations_.find(key(address, condition), [&](const Translation& each) {
        return each.address == address && each.condition == condition && each.checking == checking &&
               each.code_region == region;
    });
}

Translation* CodeCache::add(const CodeBytes& bytes, const OperandsAt& operands_at, const x86::CpuModel& model,
                            Context& context, const Runtime& runtime, const Condition& condition,
                            Checking checking, bool is_linked_to) {
    const auto is_translated = [&](GuestPhysical next) {
        return find(next, bytes.region, condition, checking) != nullptr;
    };
    block_.code_region = bytes.region;
    block_.registers = context.cpu->state.gpr;
    analyze(block_, bytes.address, bytes.bytes, model, condition,
            is_ungrouped(bytes.address, condition) ? Checking::careful : checking, std::ref(is_translated),
            operands_at);
    evicted_ = {};
    if (block_.instructions.empty()) return nullptr;
    if (block_.crosses()) {
        constexpr u16 page_size = memory::page_size;
        block_.pages = {{.page = align_down(bytes.address, memory::page_size),
                         .distance = 0,
                         .begin = static_cast<u16>(bytes.address % page_size),
                         .end = page_size},
                        {.page = *bytes.next_page,
                         .distance = page_size,
                         .begin = 0,
                         .end = static_cast<u16>(block_.instructions.back().end() - page_size)}};
    }
    const bool lands = condition.has_landings() && checking == Checking::grouped &&
                       (!is_linked_to || landed_at_.contains(bytes.address));
    made_careful_ += checking == Checking::careful;
    return translate(bytes.address, model.is_amd, context, runtime, condition, checking, lands);
}

Translation* CodeCache::add_trace(Translation& block, const TracePath& path, const x86::CpuModel& model,
                                  Context& context, const Runtime& runtime) {
    const GuestPhysical address = block.address;
    const Condition condition = block.condition;
    block_.code_region = block.code_region;
    evicted_ = {};
    unsigned longest = GuestBlock::longest_trace;
    analyze_trace(block_, path, longest, model, condition);
    const bool is_more_than_block =
        std::ranges::any_of(block_.instructions, &GuestInstruction::goes_on_at_target);
    block.has_no_trace = !is_more_than_block;
    if (block.has_no_trace) return nullptr;
    if (!block.is_dropped) drop(block);
    ++made_traces_;
    for (;;) {
        if (Translation* const made = translate(address, model.is_amd, context, runtime, condition,
                                                Checking::grouped, condition.has_landings()))
            return made;
        longest /= 2;
        analyze_trace(block_, path, longest, model, condition);
    }
}

MissedRegions CodeCache::regions_missed_by(GuestPhysical address) const {
    const auto known = missed_regions_.find(flagged(address, block_.is_trace));
    MissedRegions missed = known == missed_regions_.end() ? MissedRegions{} : known->second;
    for (const GuestInstruction& each : block_.instructions) {
        if (!each.operand.is_first) continue;
        if (each.operand_seen.is_low) missed.note(each.operand.group, true);
        if (each.operand_seen.is_high) missed.note(each.operand.group, false);
    }
    return missed;
}

Translation* CodeCache::translate(GuestPhysical address, bool is_amd, Context& context,
                                  const Runtime& runtime, const Condition& condition, Checking checking,
                                  bool lands) {
    Segment& segment = segment_with_room();
    const u32 code = segment.front + u32{sizeof(Header)};
    BlockTranslator translator(context, runtime, condition, is_amd, memory_.part(code, segment.back - code),
                               regions_missed_by(address), data_regions_.are_high(block_.code_region));
    if (!translator.translate(block_, lands)) return nullptr;
    const std::span<const Unsaved> unsaved_behind_first = translator.unsaved().subspan(1);
    const u32 refusals = segment.back - static_cast<u32>(translator.refusals().size_bytes());
    const u32 unsaved = refusals - static_cast<u32>(unsaved_behind_first.size_bytes());
    const u32 trailer = unsaved - u32{sizeof(Trailer)};
    const u32 stubs = trailer - static_cast<u32>(translator.exits().size() * sizeof(ExitStub));
    RINGER_ASSERT(segment.has_room_for(segment.back - stubs + static_cast<u32>(translator.code_size()) +
                                       u32{sizeof(Header)}));

    Translation*& page = starts_[address >> memory::page_shift];
    Translation& added = segment.translations.emplace_back(Translation{
        .address = address,
        .condition = condition,
        .code = code,
        .trailer = trailer,
        .bytes = static_cast<u16>(block_.instructions.back().end() - block_.instructions.front().offset),
        .instructions = static_cast<u8>(block_.instructions.size()),
        .checking = checking,
        .code_region = block_.code_region,
        .lands = lands,
        .has_loop = block_.has_loop,
        .is_trace = block_.is_trace,
        .has_pages = !block_.pages.empty(),
        .next_in_page = page});
    page = &added;
    translations_.add(key_of(added), added);
    if (added.has_pages) pages_of_[&added] = {block_.pages, block_.fixed_page};
    for (const CodePage& each : pages(added))
        if (each.page != added.page()) also_in_.emplace(each.page, &added);

    write(code - u32{sizeof(Header)},
          Header{.translation = &added, .displacement = distance_to_engine(code, runtime)});
    write(trailer, Trailer{.code = code, .unsaved = static_cast<u8>(unsaved_behind_first.size())});
    std::ranges::copy(std::as_bytes(unsaved_behind_first),
                      std::as_writable_bytes(memory_.writable.subspan(unsaved)).begin());
    std::ranges::copy(std::as_bytes(translator.refusals()),
                      std::as_writable_bytes(memory_.writable.subspan(refusals)).begin());
    add_stubs(stubs, translator.exits(), runtime);
    translator.finish(reinterpret_cast<const ExitStub*>(memory_.executable + stubs));
    if (const auto linear = std::exchange(explain_next_, std::nullopt))
        explanation_ =
            explain(block_, translator, context, {memory_.executable + code, translator.code_size()},
                    reinterpret_cast<const ExitStub*>(memory_.executable + stubs), *linear);
    segment.front = static_cast<u32>(code + translator.code_size());
    segment.back = stubs;
    ++made_;
    return &added;
}

std::span<const CodePage> CodeCache::pages(const Translation& translation) const {
    return translation.has_pages ? std::span(pages_of_.at(&translation).pages) : std::span<const CodePage>{};
}

bool CodeCache::may_be_at(const Translation& translation, u64 page) const {
    if (!translation.has_pages) return true;
    const std::optional<i32> fixed = pages_of_.at(&translation).fixed;
    return !fixed || static_cast<u64>(i64{*fixed}) == page;
}

bool CodeCache::overlaps(const Translation& translation, GuestPhysical begin, u64 size) const {
    const auto meet = [=](GuestPhysical first, u64 count) {
        return begin < first + count && first < begin + size;
    };
    if (!translation.has_pages) return meet(translation.address, translation.bytes);
    return std::ranges::any_of(pages(translation), [&](const CodePage& each) {
        return meet(each.page + each.begin, u64{each.end} - each.begin);
    });
}

void CodeCache::add_stubs(u32 at, std::span<const SideExit> exits, const Runtime& runtime) {
    auto stubs_behind = static_cast<u16>(exits.size());
    for (const SideExit& exit : exits) {
        ExitStub stub{.exit = exit};
        stub.exit.stubs_behind = --stubs_behind;
        stub.displacement = distance_to_engine(at + u32{offsetof(ExitStub, exit)}, runtime);
        write(at, stub);
        at += u32{sizeof(stub)};
    }
}

i32 CodeCache::distance_to_engine(u32 returns_to, const Runtime& runtime) const {
    return static_cast<i32>(static_cast<const u8*>(runtime.call_engine) - (memory_.executable + returns_to));
}

CodeCache::Segment& CodeCache::segment_with_room() {
    if (!segments_[current_].has_room_for(largest_translation)) {
        current_ = next_segment();
        evict(segments_[current_]);
        evicted_ = {memory_.executable + segments_[current_].begin, segment_bytes_};
    }
    return segments_[current_];
}

unsigned CodeCache::next_segment() {
    const auto fresh =
        std::ranges::find(segments_, true, [](const Segment& each) { return each.translations.empty(); });
    if (fresh != segments_.end()) return static_cast<unsigned>(fresh - segments_.begin());
    // By chance, but never the one that was filled last.
    const auto steps = static_cast<unsigned>(1 + chance_() % (segment_count - 1));
    return (current_ + steps) % segment_count;
}

void CodeCache::evict(Segment& segment) {
    evictions_ += !segment.translations.empty();
    for (Translation& each : segment.translations)
        if (!each.is_dropped) forget(each);
    for (const Translation& each : segment.translations)
        if (each.has_pages) pages_of_.erase(&each);
    segment.translations.clear();
    segment.front = segment.begin;
    segment.back = segment.begin + segment_bytes_;
    ++segment.made;
}

CodeCache::Written CodeCache::code_written(GuestPhysical address, u64 size) {
    const GuestPhysical page = align_down(address, memory::page_size);
    Written written{.dropped = false, .stays = false};
    std::vector<Translation*> touched;
    const auto look_at = [&](Translation& each) {
        if (overlaps(each, address, size))
            touched.push_back(&each);
        else
            written.stays = true;
    };
    if (const auto first = starts_.find(page >> memory::page_shift); first != starts_.end())
        for (Translation* each = first->second; each; each = each->next_in_page) look_at(*each);
    const auto [begin, end] = also_in_.equal_range(page);
    for (auto each = begin; each != end; ++each) look_at(*each->second);
    for (Translation* const each : touched) drop(*each);
    written.dropped = !touched.empty();
    return written;
}

bool CodeCache::is_rule(const Translation& translation, u64 linear, u64 retired) {
    constexpr u64 soon = 20000; // What a failure costs is little beside more instructions than that.
    constexpr u32 most_failures = 64;
    Failures& last = failures_[(spread_bits(key_of(translation)) >> 40) % failures_kept];
    const bool is_again =
        last.block == translation.address && last.linear == linear && retired - last.at < soon;
    const u32 count = is_again ? last.count + 1 : 0;
    last = {.block = translation.address, .linear = linear, .at = retired, .count = count};
    if (count == most_failures) last = {};
    return count == most_failures;
}

void CodeCache::check_each_access(Translation& translation) {
    constexpr std::size_t most_noted = 4096;
    if (ungrouped_.size() == most_noted) ungrouped_.clear();
    ungrouped_.insert(flagged(translation.address, translation.condition.is_shadowed));
    drop(translation);
}

void CodeCache::note_failed_group(Translation& translation, u64 linear, u64 retired) {
    if (is_rule(translation, linear, retired) && !translation.is_dropped) check_each_access(translation);
}

bool CodeCache::note_refused(Translation& translation, u64 retired) {
    if (!is_rule(translation, 0, retired)) return false;
    if (is_ungrouped(translation.address, translation.condition)) return true;
    if (!translation.is_dropped) check_each_access(translation);
    return false;
}

bool CodeCache::note_wrong_region(Translation& translation, unsigned vector) {
    constexpr std::size_t most_noted = 1 << 14;
    const bool expected_high = vector >= high_region_vector;
    const unsigned group = vector - (expected_high ? high_region_vector : low_region_vector);
    if (vector != no_region_vector) data_regions_.note_miss(translation.code_region, expected_high);
    if (translation.is_dropped) return false;
    if (vector == no_region_vector) {
        check_each_access(translation);
        return false;
    }
    if (missed_regions_.size() == most_noted) missed_regions_.clear();
    missed_regions_[flagged(translation.address, translation.is_trace)].note(group, expected_high);
    drop(translation);
    return translation.is_trace;
}

void CodeCache::drop(Translation& translation) {
    forget(translation);
    translation.is_dropped = true;
    constexpr u8 jump_near = 0xe9;
    memory_.writable[translation.start()] = jump_near;
    const u32 at = translation.start() + u32{sizeof(jump_near)};
    write(at, displacement(at, translation.code + static_cast<u32>(leave_offset)));
}

void CodeCache::forget(Translation& translation) {
    translations_.remove(key_of(translation), translation, key_of);
    const auto page = starts_.find(translation.address >> memory::page_shift);
    Translation** link = &page->second;
    while (*link != &translation) link = &(*link)->next_in_page;
    *link = translation.next_in_page;
    if (!page->second) starts_.erase(page);
    for (const CodePage& each : pages(translation)) {
        if (each.page == translation.page()) continue;
        auto also = also_in_.find(each.page);
        while (also->second != &translation) ++also;
        also_in_.erase(also);
    }
    while (translation.incoming != Translation::none) {
        unlink(incoming_[translation.incoming].link);
        free_incoming(translation.incoming);
    }
}

Translation& CodeCache::translation_at(const void* code) const {
    const auto at = static_cast<u32>(static_cast<const u8*>(code) - memory_.executable);
    return *read<Header>(at - u32{sizeof(Header)}).translation;
}

void CodeCache::give_landing(Translation& translation) {
    constexpr std::size_t most_noted = 4096;
    if (landed_at_.size() == most_noted) landed_at_.clear();
    landed_at_.insert(translation.address);
    drop(translation);
}

u64 CodeCache::land_at(const Translation& translation, u64 page) {
    if (!translation.lands) return page;
    const u32 at = translation.code + u32{offsetof(Landing, page)};
    const auto before = read<u64>(at);
    if (before != page) write(at, page);
    return before;
}

CodeCache::Place CodeCache::place_of_call(const void* returns_to) const {
    const auto at = static_cast<u32>(static_cast<const u8*>(returns_to) - memory_.executable);
    const bool is_stub = at >= segment_of(at).back;
    if (is_stub) return place_of_stub(at - u32{offsetof(ExitStub, exit)});
    Translation& left = translation_at(returns_to);
    const SideExit exit{.kind = SideExit::Kind::leave,
                        .leaves = true,
                        .number = 0,
                        .position = static_cast<u16>(left.address % memory::page_size)};
    return {left, 0, exit, {}, pages(left)};
}

CodeCache::Place CodeCache::place_of_stub(u32 stub) const {
    const auto exit = read<ExitStub>(stub).exit;
    const u32 trailer = stub + (exit.stubs_behind + 1U) * u32{sizeof(ExitStub)};
    const u32 code = read<Trailer>(trailer).code;
    Translation& translation = translation_at(memory_.executable + code);
    return {translation, stub, exit, unsaved_of(trailer, exit.unsaved), pages(translation)};
}

Unsaved CodeCache::unsaved_of(u32 trailer, unsigned number) const {
    if (number == 0) return {};
    return read<Unsaved>(trailer + u32{sizeof(Trailer)} + (number - 1) * u32{sizeof(Unsaved)});
}

Translation& CodeCache::translation_around(u32 at) const {
    const auto& translations = segment_of(at).translations;
    const auto behind = std::ranges::upper_bound(translations, at, {}, &Translation::code);
    RINGER_ASSERT(behind != translations.begin());
    return translation_at(memory_.executable + std::prev(behind)->code);
}

/// In front of it is a header, which ends with a call, or a landing, of which there is the last byte of a
/// canonical address.
Translation& CodeCache::translation_from(u32 start) const {
    const bool lands = read<u8>(start + static_cast<u32>(leave_offset)) != call_near;
    return translation_at(memory_.executable + start - (lands ? sizeof(Landing) : 0));
}

CodeCache::Place CodeCache::place_of_refused(const u8* code) const {
    const auto at = static_cast<u32>(code - memory_.executable);
    Translation& translation = translation_around(at);
    const u32 trailer = translation.trailer;
    u32 each = trailer + u32{sizeof(Trailer)} + read<Trailer>(trailer).unsaved * u32{sizeof(Unsaved)};
    while (read<Refusal>(each).code != at - translation.code) {
        each += u32{sizeof(Refusal)};
        RINGER_ASSERT(each < segment_of(at).begin + segment_bytes_);
    }
    const auto refused = read<Refusal>(each);
    SideExit exit{.kind = static_cast<SideExit::Kind>(Refusal::first_kind + refused.kind),
                  .leaves = true,
                  .in_shadow = refused.in_shadow,
                  .number = refused.number,
                  .position = refused.position};
    if (exit.kind == SideExit::Kind::region) // Behind the opcode of INT.
        exit.accessed_size = read<u8>(at + 1);
    return {translation, 0, exit, unsaved_of(trailer, refused.unsaved), pages(translation)};
}

Link CodeCache::link_at(const Place& place) const {
    return {.stub = place.stub, .segment_made = segment_of(place.stub).made};
}

/// The page may have been mapped elsewhere since the jump's own code was found.
void CodeCache::link(const Link& link, Translation& target) {
    if (!is_there(link)) return;
    const Place place = place_of_stub(link.stub);
    const bool is_in_page = place.exit.position < memory::page_size;
    if (!is_in_page || target.page() != place.translation.page() || !place.may_link_to(target)) return;
    const u32 displacement_at = place.translation.code + place.exit.behind_check;
    add_incoming(target, link);
    write(displacement_at, displacement(displacement_at, target.start()));
}

Translation* CodeCache::linked_far_to(const Place& place) const {
    if (read(stamp_at(place)) == JumpCaches::unlinked) return nullptr;
    const u32 displacement_at = place.translation.code + place.exit.behind;
    return &translation_from(displacement_at + u32{sizeof(u32)} + read(displacement_at));
}

std::optional<CodeCache::FarTarget> CodeCache::far_target(const Place& place) const {
    Translation* const target = linked_far_to(place);
    if (!target || place.exit.accessed_size == 0) return std::nullopt;
    const u32 distance_at = place.translation.code + place.exit.behind - place.exit.accessed_size;
    return FarTarget{*target, read<i32>(distance_at)};
}

void CodeCache::link_far(const Place& place, Translation& target, u32 stamp) {
    Translation* const old_target = linked_far_to(place);
    note_stamp(place, stamp);
    if (old_target == &target) return;
    if (old_target) remove_incoming(*old_target, link_at(place));
    add_incoming(target, link_at(place));
    const u32 displacement_at = place.translation.code + place.exit.behind;
    write(displacement_at, displacement(displacement_at, target.start()));
}

void CodeCache::note_stamp(const Place& place, u32 stamp) { write(stamp_at(place), stamp); }

u32 CodeCache::stamp_at(const Place& place) {
    return place.translation.code + place.exit.behind_check + BlockTranslator::stamp_in_check;
}

void CodeCache::add_incoming(Translation& target, const Link& link) {
    constexpr unsigned most_looked_at = 4;
    u32* each = &target.incoming;
    for (unsigned i = 0; i < most_looked_at && *each != Translation::none; ++i)
        is_there(incoming_[*each].link) ? void(each = &incoming_[*each].next) : free_incoming(*each);
    u32 added = free_incoming_;
    if (added == Translation::none) {
        added = static_cast<u32>(incoming_.size());
        incoming_.emplace_back();
    } else {
        free_incoming_ = incoming_[added].next;
    }
    incoming_[added] = {.link = link, .next = target.incoming};
    target.incoming = added;
    ++linked_;
}

void CodeCache::remove_incoming(Translation& target, const Link& link) {
    u32* each = &target.incoming;
    while (*each != Translation::none)
        incoming_[*each].link == link ? free_incoming(*each) : void(each = &incoming_[*each].next);
}

void CodeCache::free_incoming(u32& first) {
    const u32 freed = first;
    first = incoming_[freed].next;
    incoming_[freed].next = std::exchange(free_incoming_, freed);
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

u64 CodeCache::bytes_used() const {
    u64 used = 0;
    for (const Segment& each : segments_) used += segment_bytes_ - (each.back - each.front);
    return used;
}

} // namespace ringer::engine::translator
