#include "state/writer.h"

#include "base/assert.h"

#include <algorithm>
#include <utility>

namespace ringer::state {
namespace {

void append(std::vector<u8>& output, u64 value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) output.push_back(static_cast<u8>(value >> (8 * i)));
}

void check_unique(std::vector<u32>& numbers) {
    std::ranges::sort(numbers);
    RINGER_ASSERT(std::ranges::adjacent_find(numbers) == numbers.end());
}

} // namespace

std::vector<u8> Encoder::take_records() {
    RINGER_ASSERT(groups_.size() == 1);
    check_unique(groups_.front().numbers);
    groups_.front().numbers.clear();
    return std::exchange(records_, {});
}

void Encoder::record(format::Kind kind, u32 number, u64 length) {
    append(records_, static_cast<u8>(kind), 1);
    append(records_, number, 4);
    append(records_, length, 8);
}

void Encoder::integer(const Tag& tag, unsigned size, u64& value) {
    groups_.back().numbers.push_back(tag.number);
    record(format::Kind::integer, tag.number, size);
    append(records_, value, size);
}

void Encoder::bytes(std::span<u8> contents) {
    record(format::Kind::bytes, 0, contents.size());
    records_.insert(records_.end(), contents.begin(), contents.end());
}

void Encoder::length(u64& elements, bool) {
    record(format::Kind::count, 0, sizeof(elements));
    append(records_, elements, sizeof(elements));
}

void Encoder::begin(const Tag& tag) {
    groups_.back().numbers.push_back(tag.number);
    record(format::Kind::group, tag.number, 0);
    groups_.push_back(Group{records_.size(), {}});
}

void Encoder::end() {
    RINGER_ASSERT(groups_.size() > 1);
    check_unique(groups_.back().numbers);
    const std::size_t start = groups_.back().payload;
    const u64 size = records_.size() - start;
    for (unsigned i = 0; i < sizeof(size); ++i)
        records_[start - sizeof(size) + i] = static_cast<u8>(size >> (8 * i));
    groups_.pop_back();
}

std::vector<u8> Writer::finish() {
    const std::vector<u8> body = take_records();
    std::vector<u8> file(format::magic.begin(), format::magic.end());
    append(file, format::version, 4);
    append(file, body.size(), 8);
    file.insert(file.end(), body.begin(), body.end());
    return file;
}

} // namespace ringer::state
