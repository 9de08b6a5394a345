#include "cli/screenshot_command.h"

#include "cli/exit_status.h"
#include "cli/quantities.h"
#include "cli/run_options.h"
#include "host/control_client.h"
#include "host/file.h"

namespace ringer::cli {

void add_screenshot_options(CLI::App& command, ScreenshotArguments& arguments) {
    command.add_option("--pid", arguments.pid, "The process id of the 'ringer run' (required)")
        ->type_name("N");
    command.add_option("FILE", arguments.file, "The PNG file to be written (required)")->type_name(" ");
    add_log_level(command, arguments.log_level);
    command.footer("Exit status: 0 it was written; 1 host failure; 2 bad usage, or no such machine");
}

Result<int> screenshot(const ScreenshotArguments& arguments) {
    const pid_t pid = TRY(parse_pid(arguments.pid));
    if (arguments.file.empty()) return user_error("FILE: not given; name the PNG file to be written");
    auto file = TRY(host::ResultFile::prepare("screenshot", arguments.file));
    const auto picture = TRY(host::request_screenshot(pid));
    TRY(file.commit({reinterpret_cast<const char*>(picture.data()), picture.size()}));
    return exit_status::success;
}

} // namespace ringer::cli
