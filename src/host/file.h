#pragma once

#include "base/result.h"
#include "base/types.h"
#include "host/descriptor.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringer::host {

/// The whole contents of a file, to read only. A regular file is mapped, so that only what is looked at takes
/// memory; anything else (a pipe, a process substitution) is read to its end.
class InputFile {
  public:
    /// `role` names the file in an error, as in "--kernel". A missing, unreadable or empty file or a
    /// directory is the user's fault.
    static Result<InputFile> open(std::string_view role, const std::string& path);

    InputFile(InputFile&& other) noexcept;
    InputFile& operator=(InputFile&& other) noexcept;
    ~InputFile();

    std::span<const u8> contents() const { return mapped_.empty() ? std::span<const u8>(read_) : mapped_; }

    /// Gives back the memory that a mapped file takes; its contents are read from the file again when they
    /// are looked at again.
    void release() const;

  private:
    InputFile() = default;

    std::span<const u8> mapped_;
    std::vector<u8> read_;
};

/// Opens a file to write from its beginning, making it when it is not there. Names `role` in an error.
Result<Descriptor> open_output(std::string_view role, const std::string& path);

/// A result file that is there whole or not at all: written beside its final place and moved there by
/// commit(). A path that is no regular file (a pipe, /dev/stdout) is written to directly.
class ResultFile {
  public:
    /// Makes sure that it can be written, long before there is anything to write.
    static Result<ResultFile> prepare(std::string_view role, const std::string& path);

    ResultFile(ResultFile&& other) noexcept;
    ResultFile& operator=(ResultFile&& other) = delete;
    /// Without a commit() nothing is left behind.
    ~ResultFile();

    Result<void> commit(std::string_view contents);

  private:
    ResultFile() = default;

    std::string role_;
    std::string path_;      ///< Where it goes, links resolved.
    std::string temporary_; ///< Empty when written directly, and after the commit.
    Descriptor descriptor_;
};

} // namespace ringer::host
