#include "cli/screenshot_command.h"

#include "cli/exit_status.h"
#include "cli/quantities.h"
#include "host/file.h"
#include "host/screenshot_client.h"

#include <limits>

namespace ringer::cli {

void add_screenshot_options(CLI::App& command, ScreenshotArguments& arguments) {
    command.add_option("--pid", arguments.pid, "The process id of the 'ringer run' (required)")
        ->type_name("N");
    command.add_option("FILE", arguments.file, "The PNG file to be written (required)");
    command.footer("Exit status: 0 it was written; 1 host failure; 2 bad usage, or no such machine");
}

Result<int> screenshot(const ScreenshotArguments& arguments) {
    if (arguments.pid.empty()) return user_error("--pid: not given; give the process id of a 'ringer run'");
    if (arguments.file.empty()) return user_error("FILE: not given; name the PNG file to be written");
    const u64 pid = TRY(parse_count("--pid", arguments.pid));
    if (pid > static_cast<u64>(std::numeric_limits<pid_t>::max()))
        return user_error("--pid {}: is no process id; give that of a 'ringer run'", pid);
    auto file = TRY(host::ResultFile::prepare("screenshot", arguments.file));
    const auto picture = TRY(host::request_screenshot(static_cast<pid_t>(pid)));
    TRY(file.commit({reinterpret_cast<const char*>(picture.data()), picture.size()}));
    return exit_status::success;
}

} // namespace ringer::cli
