#include "cli/command_line.h"

#include "cli/balloon_command.h"
#include "cli/config_file.h"
#include "cli/exit_status.h"
#include "cli/explain_command.h"
#include "cli/explain_options.h"
#include "cli/lockstep_command.h"
#include "cli/lockstep_options.h"
#include "cli/run_command.h"
#include "cli/run_options.h"
#include "cli/screenshot_command.h"
#include "cli/version.h"
#include "host/file.h"
#include "host/process.h"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

namespace ringer::cli {

namespace {

int fail(const Error& error) {
    std::string line = error.message;
    std::ranges::replace(line, '\n', ' ');
    host::print_error("ringer: " + line + "\n");
    return exit_status_of(error);
}

int print(const std::string& text) {
    const auto printed = host::print(text);
    return printed ? exit_status::success : fail(printed.error());
}

/// A command, and what it does once its options are parsed.
struct Command {
    CLI::App& options;
    const std::string& log_level;
    std::function<Result<int>()> execute;
    /// The file with more options, if the command can have one.
    const std::string* config = nullptr;
};

/// How to get help on the command that was given.
std::string help_for(const CLI::App& app) {
    const auto parsed = app.get_subcommands();
    return parsed.empty() ? "ringer --help" : "ringer " + parsed.front()->get_name() + " --help";
}

/// What was typed that no option or command wants.
Result<void> check_leftovers(const CLI::App& app) {
    const std::vector<std::string> left = app.remaining(true);
    if (left.empty()) return {};
    const std::string& first = left.front();
    const bool option = first.starts_with('-');
    return user_error("{}: unknown {}; see '{}'", first, option ? "option" : "argument", help_for(app));
}

Result<void> set_log_level(const std::string& text) {
    const auto level = spdlog::level::from_str(text);
    if (level == spdlog::level::off && text != "off")
        return user_error("--log-level {}: unknown; give one of trace, debug, info, warning, error, off",
                          text);
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("ringer", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
    spdlog::set_pattern("ringer: %v");
    spdlog::set_level(level);
    return {};
}

Result<ConfigOrigins> read_config(const Command& command) {
    if (command.config->empty()) return {};
    const auto file = TRY(host::InputFile::open(config_option, *command.config));
    const std::string_view text(reinterpret_cast<const char*>(file.contents().data()),
                                file.contents().size());
    return apply_config(command.options, *command.config, text);
}

Result<int> execute(const Command& command) {
    TRY(set_log_level(command.log_level));
    return command.execute();
}

Result<int> run_or_print(const CLI::App& options, const RunArguments& arguments) {
    const RunOptions interpreted = TRY(interpret(arguments));
    if (!arguments.print_config) return run(interpreted);
    TRY(host::print(config_text(options)));
    return exit_status::success;
}

Result<int> execute(const CLI::App& app, std::span<const Command> commands) {
    TRY(check_leftovers(app));
    for (const Command& command : commands) {
        if (!command.options.parsed()) continue;
        const ConfigOrigins origins = command.config ? TRY(read_config(command)) : ConfigOrigins{};
        const auto status = execute(command);
        return status ? status : std::unexpected(located(status.error(), origins));
    }
    return user_error("no command given; see '{}'", help_for(app));
}

} // namespace

int run_command_line(std::span<const std::string> arguments) {
    host::fill_standard_streams();
    CLI::App app("Ringer runs unmodified operating systems in an ordinary process.", "ringer");
    app.set_version_flag("--version", "ringer " RINGER_VERSION, "Print the version and exit");
    app.allow_extras();
    app.get_formatter()->column_width(36);
    const auto add_command = [&app](const std::string& name, const std::string& description) -> CLI::App& {
        CLI::App& command = *app.add_subcommand(name, description);
        command.allow_extras();
        return command;
    };
    RunArguments run_arguments;
    LockstepArguments lockstep_arguments;
    ExplainArguments explain_arguments;
    ScreenshotArguments screenshot_arguments;
    BalloonArguments balloon_arguments;
    const std::array commands{
        Command{add_command("run", "Start a PC, or a kernel, and run it to its end"), run_arguments.log_level,
                [&] { return run_or_print(*app.get_subcommand("run"), run_arguments); },
                &run_arguments.config},
        Command{add_command("lockstep", "Run one machine on two engines and find where they differ"),
                lockstep_arguments.run.log_level,
                [&]() -> Result<int> { return lockstep(TRY(interpret(lockstep_arguments))); }},
        Command{add_command("explain", "Show a block of guest code beside its translation"),
                explain_arguments.run.log_level,
                [&]() -> Result<int> { return explain(TRY(interpret(explain_arguments))); }},
        Command{add_command("screenshot", "Write what a running machine shows to a PNG file"),
                screenshot_arguments.log_level,
                [&]() -> Result<int> { return screenshot(screenshot_arguments); }},
        Command{add_command("balloon", "Set and show how much memory a running machine gives back"),
                balloon_arguments.log_level, [&]() -> Result<int> { return balloon(balloon_arguments); }},
    };
    add_run_options(commands[0].options, run_arguments);
    add_lockstep_options(commands[1].options, lockstep_arguments);
    add_explain_options(commands[2].options, explain_arguments);
    add_screenshot_options(commands[3].options, screenshot_arguments);
    add_balloon_options(commands[4].options, balloon_arguments);

    try {
        // CLI11 wants the arguments as a stack.
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::CallForVersion& version) {
        return print(version.what() + std::string("\n"));
    } catch (const CLI::CallForHelp&) {
        const auto parsed = app.get_subcommands();
        return print(parsed.empty() ? app.help() : parsed.front()->help("ringer"));
    } catch (const CLI::ParseError& error) {
        return fail({Blame::user, fmt::format("{}; see '{}'", error.what(), help_for(app))});
    }
    const auto status = execute(app, commands);
    return status ? *status : fail(status.error());
}

} // namespace ringer::cli
