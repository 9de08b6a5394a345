#pragma once

#include "base/result.h"
#include "state/archive.h"
#include "state/format.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ringer::state {

/// Loads what it visits from a saved state (format.h), which is not trusted.
///
/// A field that the input lacks keeps its value; what the input has and nobody visits is passed over. After
/// the first error nothing more is loaded, so whoever visits need not look; finish() tells. A component that
/// was loaded in part is to be thrown away or reset.
class Reader final : public Archive {
  public:
    /// `input` must outlive the reader; `source` is what errors call it, such as the name of the file.
    Reader(std::span<const u8> input, std::string source);

    bool loads() const override { return true; }

    /// To be called after the last field: the first error, or the paths of the fields that were missing, at
    /// most max_missing of them.
    Result<std::vector<std::string>> finish();

    static constexpr std::size_t max_missing = 64;

  private:
    struct Field {
        u32 number;
        format::Kind kind;
        std::span<const u8> payload;
    };

    /// A group that is being visited, or the body.
    struct Group {
        Tag tag;
        bool present = false;        ///< False when the input lacks it: then all within is left alone.
        std::vector<Field> fields{}; ///< Sorted by number.
        std::optional<std::span<const u8>> bytes{}; ///< Its raw contents.
        std::optional<u64> count{};
    };

    void integer(const Tag& tag, unsigned size, u64& value) override;
    void bytes(std::span<u8> contents) override;
    void length(u64& elements, bool as_bytes) override;
    void begin(const Tag& tag) override;
    void end() override;

    std::optional<std::span<const u8>> body(std::span<const u8> input);
    void parse(std::span<const u8> records, Group& group);
    void add_record(const Field& record, Group& group);
    const Field* find(const Tag& tag, format::Kind kind);
    void note_missing(const std::string& path);
    std::string path() const;
    std::string path(const Tag& tag) const;
    void fail(const std::string& where, std::string_view reason);

    std::string source_;
    std::vector<Group> groups_;
    std::vector<std::string> missing_;
    std::optional<Error> error_;
};

} // namespace ringer::state
