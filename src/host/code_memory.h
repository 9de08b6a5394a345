#pragma once

#include "base/result.h"
#include "base/types.h"

#include <span>

namespace ringer::host {

/// Memory for generated code: one memory object mapped twice, so that no page is ever writable and executable
/// at the same place. Pages are taken from the host as they are first written.
class CodeMemory {
  public:
    /// Of its memory objects, as the host lists them among the process's mappings.
    static constexpr const char* object_name = "ringer-code";

    /// `size` is a multiple of the page size.
    static Result<CodeMemory> allocate(u64 size);

    CodeMemory(CodeMemory&& other) noexcept;
    CodeMemory& operator=(CodeMemory&& other) noexcept;
    ~CodeMemory();

    /// In a process that was just forked: gives all CodeMemory objects memory of their own with the same
    /// contents at the same addresses, which they have shared with the parent until now. False when the host
    /// refuses it.
    static bool separate();

    /// The same bytes, to be written and to be executed.
    std::span<u8> writable() const { return writable_; }
    const u8* executable() const { return executable_; }

  private:
    CodeMemory(std::span<u8> writable, const u8* executable) : writable_(writable), executable_(executable) {}

    std::span<u8> writable_;
    const u8* executable_ = nullptr;
};

} // namespace ringer::host
