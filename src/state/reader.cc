#include "state/reader.h"

#include "base/assert.h"
#include "state/path.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace ringer::state {
namespace {

using format::Kind;

/// Consumes the first `size` bytes of `input`, at most 8, as an integer. They must be there.
u64 take(std::span<const u8>& input, unsigned size) {
    u64 value = 0;
    for (unsigned i = 0; i < size; ++i) value |= u64{input[i]} << (8 * i);
    input = input.subspan(size);
    return value;
}

/// Whether `value` is the zero- or sign-extension of an integer of `size` bytes.
bool fits(u64 value, unsigned size) {
    const unsigned unused = 64 - 8 * size;
    const u64 shifted = value << unused;
    return shifted >> unused == value || static_cast<u64>(static_cast<i64>(shifted) >> unused) == value;
}

} // namespace

Reader::Reader(std::span<const u8> input, std::string source) : source_(std::move(source)) {
    groups_.push_back(Group{.tag = {0, {}}});
    if (const auto records = body(input)) parse(*records, groups_.back());
}

std::optional<std::span<const u8>> Reader::body(std::span<const u8> input) {
    const auto magic = format::magic;
    if (input.size() < format::header_size || !std::equal(magic.begin(), magic.end(), input.begin())) {
        error_ = Error{Blame::user,
                       fmt::format("{}: is not a saved state; name a file that Ringer has saved", source_)};
        return std::nullopt;
    }
    input = input.subspan(magic.size());
    if (const u64 version = take(input, 4); version != format::version) {
        error_ =
            Error{Blame::user,
                  fmt::format("{}: has format version {}, and this Ringer reads version {}; save it anew "
                              "with this version",
                              source_, version, format::version)};
        return std::nullopt;
    }
    if (const u64 size = take(input, 8); size != input.size()) {
        fail("the header", fmt::format("promises {} bytes where {} follow", size, input.size()));
        return std::nullopt;
    }
    return input;
}

void Reader::parse(std::span<const u8> records, Group& group) {
    while (!records.empty()) {
        if (records.size() < format::record_header_size) return fail(path(), "ends within a record");
        const auto kind = static_cast<Kind>(take(records, 1));
        const auto number = static_cast<u32>(take(records, 4));
        const u64 size = take(records, 8);
        if (size > records.size()) return fail(path(), "holds a record that is longer than the rest of it");
        add_record(Field{number, kind, records.first(size)}, group);
        if (error_) return;
        records = records.subspan(size);
    }
    std::ranges::sort(group.fields, {}, &Field::number);
    if (std::ranges::adjacent_find(group.fields, {}, &Field::number) != group.fields.end())
        return fail(path(), "holds two fields of one number");
    group.present = true;
}

void Reader::add_record(const Field& record, Group& group) {
    switch (record.kind) {
    case Kind::integer:
        if (record.payload.empty() || record.payload.size() > sizeof(u64))
            return fail(path(), fmt::format("holds an integer of {} bytes", record.payload.size()));
        group.fields.push_back(record);
        return;
    case Kind::group: group.fields.push_back(record); return;
    case Kind::bytes:
        if (std::exchange(group.bytes, record.payload)) fail(path(), "holds its bytes twice");
        return;
    case Kind::count: {
        std::span<const u8> payload = record.payload;
        if (payload.size() != sizeof(u64)) return fail(path(), "holds a count of the wrong size");
        if (std::exchange(group.count, take(payload, sizeof(u64)))) fail(path(), "holds two counts");
        return;
    }
    }
    fail(path(), fmt::format("holds a record of the unknown kind {}", static_cast<unsigned>(record.kind)));
}

const Reader::Field* Reader::find(const Tag& tag, Kind kind) {
    const Group& group = groups_.back();
    if (error_ || !group.present) return nullptr;
    const auto place = std::ranges::lower_bound(group.fields, tag.number, {}, &Field::number);
    if (place == group.fields.end() || place->number != tag.number) {
        note_missing(path(tag));
        return nullptr;
    }
    if (place->kind != kind) {
        fail(path(tag),
             kind == Kind::integer ? "is a group and not an integer" : "is an integer and not a group");
        return nullptr;
    }
    return &*place;
}

void Reader::integer(const Tag& tag, unsigned size, u64& value) {
    const Field* field = find(tag, Kind::integer);
    if (!field) return;
    std::span<const u8> payload = field->payload;
    const u64 loaded = take(payload, static_cast<unsigned>(payload.size()));
    if (!fits(loaded, size))
        return fail(path(tag), fmt::format("holds {:#x}, too large for {} bytes", loaded, size));
    value = loaded;
}

void Reader::bytes(std::span<u8> contents) {
    const Group& group = groups_.back();
    if (error_ || !group.present) return;
    if (!group.bytes) return note_missing(path());
    if (group.bytes->size() != contents.size())
        return fail(path(), fmt::format("holds {} bytes and not {}", group.bytes->size(), contents.size()));
    std::ranges::copy(*group.bytes, contents.begin());
}

void Reader::length(u64& elements, bool as_bytes) {
    const Group& group = groups_.back();
    if (error_ || !group.present) return;
    if (!group.count) return fail(path(), "lacks the count of its elements");
    const u64 held = !as_bytes ? group.fields.size() : group.bytes ? group.bytes->size() : 0;
    if (*group.count != held)
        return fail(path(), fmt::format("counts {} elements and holds {}", *group.count, held));
    elements = held;
}

void Reader::begin(const Tag& tag) {
    const Field* field = find(tag, Kind::group);
    // Copied, because the entry lies in a group that moves when the stack grows.
    const auto payload = field ? std::optional(field->payload) : std::nullopt;
    groups_.push_back(Group{.tag = tag});
    if (payload) parse(*payload, groups_.back());
}

void Reader::end() {
    RINGER_ASSERT(groups_.size() > 1);
    groups_.pop_back();
}

Result<std::vector<std::string>> Reader::finish() {
    RINGER_ASSERT(groups_.size() == 1);
    if (error_) return std::unexpected(*error_);
    return std::move(missing_);
}

void Reader::note_missing(const std::string& path) {
    if (missing_.size() < max_missing) missing_.push_back(path);
}

std::string Reader::path() const {
    std::string result;
    for (const Group& group : groups_ | std::views::drop(1))
        result = join(result, group.tag.name, group.tag.number);
    return result.empty() ? "the outermost group" : result;
}

std::string Reader::path(const Tag& tag) const {
    return join(groups_.size() > 1 ? path() : std::string{}, tag.name, tag.number);
}

void Reader::fail(const std::string& where, std::string_view reason) {
    if (error_) return;
    error_ = Error{Blame::user,
                   fmt::format("{}: {} {}; the file is damaged or was not saved by this machine, use another",
                               source_, where, reason)};
}

} // namespace ringer::state
