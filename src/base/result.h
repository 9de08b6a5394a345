#pragma once

#include <expected>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace ringer {

/// Whose doing a failure is; it decides the exit status of the command.
enum class Blame {
    user, ///< A bad option or a bad input file: exit status 2.
    host, ///< The host could not do it (disk full, no memory, no permission): exit status 1.
};

/// A host failure or a bad input: one line that names the thing, the reason, and what to do.
struct Error {
    Blame blame;
    std::string message;
};

template <class T>
using Result = std::expected<T, Error>;

template <class... Args>
std::unexpected<Error> user_error(fmt::format_string<Args...> format, Args&&... args) {
    return std::unexpected(Error{Blame::user, fmt::format(format, std::forward<Args>(args)...)});
}

template <class... Args>
std::unexpected<Error> host_error(fmt::format_string<Args...> format, Args&&... args) {
    return std::unexpected(Error{Blame::host, fmt::format(format, std::forward<Args>(args)...)});
}

} // namespace ringer

/// The value of an std::expected, or return its error from the enclosing function. The function's result
/// type must be constructible from std::unexpected of that error.
#define TRY(...)                                                                                             \
    ({                                                                                                       \
        auto&& try_result_ = (__VA_ARGS__);                                                                  \
        if (!try_result_) [[unlikely]]                                                                       \
            return std::unexpected(std::move(try_result_).error());                                          \
        *std::move(try_result_);                                                                             \
    })
