#include "case.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

namespace ringer::cases {

namespace {

/// A record as case.inc lays it down.
struct RawRecord {
    u64 kind;
    char name[16];
    std::array<u64, 4> values;
};

std::optional<Mode> mode_named(std::string_view name) {
    if (name == "real16") return Mode::real16;
    if (name == "prot32") return Mode::prot32;
    if (name == "long64") return Mode::long64;
    if (name == "user64") return Mode::user64;
    return std::nullopt;
}

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

Result<std::vector<Case>> load_cases(const std::filesystem::path& folder) {
    std::vector<Case> cases;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        std::filesystem::path path = entry.path();
        if (path.extension() != ".bin") continue;
        const std::string name = path.lexically_relative(folder).replace_extension().string();
        const std::string mode_name = name.substr(0, name.find('/'));
        const auto mode = mode_named(mode_name);
        if (!mode) return user_error("{}: the folder {} names no mode", path.string(), mode_name);
        Case one{name, *mode, read_file(path), {}};
        one.records = TRY(read_records(path.replace_extension(".case")));
        cases.push_back(std::move(one));
    }
    std::ranges::sort(cases, {}, &Case::name);
    return cases;
}

} // namespace ringer::cases
