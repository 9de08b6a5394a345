#include "cli/explain_options.h"

#include "cli/quantities.h"

namespace ringer::cli {

void add_explain_options(CLI::App& command, ExplainArguments& arguments) {
    command
        .add_option(
            "--at", arguments.at,
            "The linear address of a block's first instruction, such as 0xffffffff81000040 (required)")
        ->type_name("ADDRESS");
    add_option(command, "--json", arguments.json, "FILE", "Write the result to this file, as JSON", "none");
    add_machine_options(command, arguments.run);
    add_option(command, "--clock", arguments.run.clock, "host|virtual",
               "The guest's time: the host's, or one nanosecond an instruction");
    add_limit_options(command, arguments.run);
    command.footer(
        "Runs the guest until the code at ADDRESS is translated, which is when it has run a few times, and\n"
        "shows each of its instructions beside what the host executes in its place, and why.\n"
        "[names] are the guest's state and the translator's tables; 'engine:' is a call of Ringer\n"
        "that is made only in the case it tells.\n\n"
        "Linux's kernel is at the addresses of its System.map with 'nokaslr':\n"
        "  ringer explain --kernel bzImage --append nokaslr --at 0xffffffff81000040\n\n"
        "Exit status: 0 it was explained; 1 host failure; 2 bad usage or input file, or the guest\n"
        "ended before");
}

Result<ExplainOptions> interpret(const ExplainArguments& arguments) {
    if (arguments.at.empty())
        return user_error("--at: not given; give the linear address of code, such as 0xffffffff81000040");
    ExplainOptions options{.run = TRY(interpret(arguments.run)), .at = 0, .json = {}};
    options.at = TRY(parse_address("--at", arguments.at));
    if (!arguments.json.empty()) options.json = arguments.json;
    return options;
}

} // namespace ringer::cli
