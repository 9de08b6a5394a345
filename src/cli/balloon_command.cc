#include "cli/balloon_command.h"

#include "base/bits.h"
#include "cli/exit_status.h"
#include "cli/quantities.h"
#include "cli/run_options.h"
#include "host/control_client.h"
#include "host/process.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace ringer::cli {

namespace {

using nlohmann::ordered_json;

std::string line(std::string key, const ordered_json& value) {
    constexpr std::string_view bytes = "_bytes";
    const bool is_size = key.ends_with(bytes);
    if (is_size) key.resize(key.size() - bytes.size());
    std::ranges::replace(key, '_', ' ');
    const u64 number = value.get<u64>();
    return is_size ? fmt::format("{:<22} {:>8.1f} MiB\n", key, static_cast<double>(number) / MiB)
                   : fmt::format("{:<22} {:>8}\n", key, number);
}

std::string to_text(const ordered_json& state) {
    std::string text;
    for (const auto& [key, value] : state.items())
        if (value.is_number_unsigned()) text += line(key, value);
    const ordered_json statistics = state.value("statistics", ordered_json::object());
    if (statistics.empty()) return text + "the guest has told no statistics\n";
    for (const auto& [key, value] : statistics.items()) text += line("guest's " + key, value);
    return text;
}

} // namespace

void add_balloon_options(CLI::App& command, BalloonArguments& arguments) {
    command.add_option("--pid", arguments.pid, "The process id of the 'ringer run' (required)")
        ->type_name("N");
    command
        .add_option("SIZE", arguments.size,
                    "How large the balloon is to be, such as 256M, or 0 (default: as it is)")
        ->type_name(" ");
    command.add_flag("--json", arguments.json, "Tell the state as JSON (default: as text)");
    add_log_level(command, arguments.log_level);
    command.footer(
        "The balloon is memory that the guest gives back to the host. Prints how large it is, and\n"
        "what the guest tells of its memory.\n\n"
        "Exit status: 0 it was done; 1 host failure; 2 bad usage, or no such machine or balloon");
}

Result<int> balloon(const BalloonArguments& arguments) {
    const pid_t pid = TRY(parse_pid(arguments.pid));
    std::optional<u64> size;
    if (!arguments.size.empty()) size = TRY(parse_size("SIZE", arguments.size));
    const std::string answer = TRY(host::request_balloon(pid, size));
    const ordered_json state = ordered_json::parse(answer, nullptr, false);
    if (!state.is_object()) return host_error("--pid {}: sends no state of a balloon", pid);
    if (state.contains("error")) return user_error("--pid {}: {}", pid, state["error"].get<std::string>());
    TRY(host::print(arguments.json ? answer : to_text(state)));
    return exit_status::success;
}

} // namespace ringer::cli
