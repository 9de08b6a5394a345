#include "case.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

namespace ringer::cases {

namespace {

/// A record as case.inc lays it down.
struct RawRecord {
    u64 kind;
    char name[16];
    std::array<u64, 4> values;
};

/// What the folders are named by.
struct Start {
    std::string_view folder;
    Mode mode;
    bool on_pc;
};
constexpr Start starts[] = {
    {"real16", Mode::real16, false}, {"prot32", Mode::prot32, false}, {"long64", Mode::long64, false},
    {"user64", Mode::user64, false}, {"pc16", Mode::real16, true},    {"pc32", Mode::prot32, true},
    {"pc64", Mode::long64, true},
};

std::vector<u8> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

Result<std::vector<Record>> read_records(const std::filesystem::path& path) {
    const std::vector<u8> contents = read_file(path);
    if (contents.empty() || contents.size() % sizeof(RawRecord))
        return user_error("{}: {} bytes are no records; a case states at least one expectation",
                          path.string(), contents.size());
    std::vector<Record> records;
    for (std::size_t offset = 0; offset < contents.size(); offset += sizeof(RawRecord)) {
        RawRecord raw;
        std::memcpy(&raw, contents.data() + offset, sizeof(raw));
        records.push_back({static_cast<Record::Kind>(raw.kind),
                           std::string(raw.name, strnlen(raw.name, sizeof(raw.name))), raw.values});
    }
    return records;
}

} // namespace

const Record* Case::find(Record::Kind kind, std::string_view field) const {
    const auto found = std::ranges::find_if(
        records, [&](const Record& record) { return record.kind == kind && record.name == field; });
    return found == records.end() ? nullptr : &*found;
}

bool Case::holds_on(bool amd) const { return !find(Record::Kind::maker, amd ? "intel" : "amd"); }

Result<std::vector<Case>> load_cases(const std::filesystem::path& folder) {
    std::vector<Case> cases;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        std::filesystem::path path = entry.path();
        if (path.extension() != ".bin") continue;
        const std::string name = path.lexically_relative(folder).replace_extension().string();
        const std::string first_folder = name.substr(0, name.find('/'));
        const auto* const start = std::ranges::find(starts, first_folder, &Start::folder);
        if (start == std::end(starts))
            return user_error("{}: the folder {} names no mode", path.string(), first_folder);
        Case one{name, start->mode, start->on_pc, read_file(path), {}};
        one.records = TRY(read_records(path.replace_extension(".case")));
        cases.push_back(std::move(one));
    }
    std::ranges::sort(cases, {}, &Case::name);
    return cases;
}

} // namespace ringer::cases
