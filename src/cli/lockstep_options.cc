#include "cli/lockstep_options.h"

#include "cli/quantities.h"
#include "engine/x86_engine.h"

#include <utility>

namespace ringer::cli {

namespace {

Result<std::array<std::string, 2>> parse_engines(const std::string& text) {
    const auto comma = text.find(',');
    if (comma == std::string::npos || text.find(',', comma + 1) != std::string::npos)
        return user_error("--engines {}: not two engines; give A,B, each one of {}", text, engine_list());
    std::array<std::string, 2> engines{text.substr(0, comma), text.substr(comma + 1)};
    for (const std::string& engine : engines)
        if (const auto known = check_engine("--engines " + text + ": engine", engine); !known)
            return std::unexpected(known.error());
    return engines;
}

} // namespace

LockstepArguments::LockstepArguments() {
    run.clock = "virtual";
    const auto names = engine::x86_engine_names();
    engines = fmt::format("{},{}", names[0], names[1]);
}

void add_lockstep_options(CLI::App& command, LockstepArguments& arguments) {
    add_machine_options(command, arguments.run);
    add_option(command, "--engines", arguments.engines, "A,B", "The two engines, of " + engine_list());
    add_option(command, "--every", arguments.every, "N", "Compare the machines after every N instructions");
    add_option(command, "--clock", arguments.run.clock, "virtual",
               "The guest's time: one nanosecond an instruction");
    add_limit_options(command, arguments.run);
    add_option(command, "--json", arguments.json, "FILE", "Write the result to this file, as JSON", "none");
    command.footer(
        "Boots the same machine once on each engine and lets both take the same steps. After each step the\n"
        "whole state of both is compared: the CPU, the devices, what was sent, and the RAM that was "
        "written.\n"
        "When they differ, the step is run again from a copy kept of both, for fewer and fewer\n"
        "instructions, until the first instruction is found after which they differ. It is printed on\n"
        "standard error, with the registers before it and all that differs after it.\n\n"
        "The first machine's console is shown. Input reaches both machines at the same instruction.\n\n"
        "Hold the interpreter to itself without its cache of decoded instructions, for 50 million\n"
        "instructions:\n"
        "  ringer lockstep --kernel bzImage --append console=ttyS0 --max-instructions 50000000\n\n"
        "Exit status: 4 the engines differ; otherwise the guest's, as that of 'ringer run'");
}

Result<LockstepOptions> interpret(const LockstepArguments& arguments) {
    if (arguments.run.clock != "virtual")
        return user_error(
            "--clock {}: two runs are alike under the virtual clock only; leave it out, or give virtual",
            arguments.run.clock);
    LockstepOptions options{.run = TRY(interpret(arguments.run)), .engines = {}, .every = 0, .json = {}};
    options.engines = TRY(parse_engines(arguments.engines));
    options.every = TRY(parse_count("--every", arguments.every));
    if (!arguments.json.empty()) options.json = arguments.json;
    return options;
}

} // namespace ringer::cli
