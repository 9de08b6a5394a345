#include "cli/command_line.h"

#include "cli/exit_status.h"
#include "cli/run_command.h"
#include "cli/run_options.h"
#include "cli/version.h"
#include "host/process.h"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <vector>

namespace ringer::cli {

namespace {

int fail(const Error& error) {
    std::string line = error.message;
    std::ranges::replace(line, '\n', ' ');
    fmt::print(stderr, "ringer: {}\n", line);
    return exit_status_of(error);
}

int print(const std::string& text) {
    const auto printed = host::print(text);
    return printed ? exit_status::success : fail(printed.error());
}

/// What was typed that no option or command wants.
Result<void> check_leftovers(const CLI::App& app, const CLI::App& run) {
    const auto complain = [](const std::vector<std::string>& left, std::string_view help) -> Result<void> {
        if (left.empty()) return {};
        const std::string& first = left.front();
        const bool option = first.starts_with('-');
        return user_error("{}: unknown {}; see '{}'", first, option ? "option" : "argument", help);
    };
    TRY(complain(run.remaining(), "ringer run --help"));
    return complain(app.remaining(), "ringer --help");
}

Result<void> set_log_level(const std::string& text) {
    const auto level = spdlog::level::from_str(text);
    if (level == spdlog::level::off && text != "off")
        return user_error("--log-level {}: unknown; give one of trace, debug, info, warning, error, off",
                          text);
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("ringer", std::make_shared<spdlog::sinks::stderr_sink_st>()));
    spdlog::set_pattern("ringer: %v");
    spdlog::set_level(level);
    return {};
}

Result<int> execute(const CLI::App& app, const CLI::App& run_command, const RunArguments& arguments) {
    TRY(check_leftovers(app, run_command));
    if (!run_command.parsed()) return user_error("no command given; see 'ringer --help'");
    TRY(set_log_level(arguments.log_level));
    return run(TRY(interpret(arguments)));
}

} // namespace

int run_command_line(std::span<const std::string> arguments) {
    host::fill_standard_streams();
    CLI::App app("Ringer runs unmodified operating systems in an ordinary process.", "ringer");
    app.set_version_flag("--version", "ringer " RINGER_VERSION, "Print the version and exit");
    app.allow_extras();
    app.get_formatter()->column_width(36);
    CLI::App& run_command = *app.add_subcommand("run", "Boot a kernel and run it to its end");
    run_command.allow_extras();
    RunArguments run_arguments;
    add_run_options(run_command, run_arguments);

    try {
        // CLI11 wants the arguments as a stack.
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::CallForVersion& version) {
        return print(version.what() + std::string("\n"));
    } catch (const CLI::CallForHelp&) {
        return print(run_command.parsed() ? run_command.help("ringer") : app.help());
    } catch (const CLI::ParseError& error) {
        return fail({Blame::user, fmt::format("{}; see 'ringer run --help'", error.what())});
    }
    const auto status = execute(app, run_command, run_arguments);
    return status ? *status : fail(status.error());
}

} // namespace ringer::cli
