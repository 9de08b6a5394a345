#include "cli/viewers.h"

#include "host/control_server.h"
#include "host/file.h"
#include "host/vnc_display.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace ringer::cli {

namespace {

/// The first line of the file.
Result<std::string> read_password(const std::string& path) {
    const auto file = TRY(host::InputFile::open("--display password-file", path));
    const std::span<const u8> contents = file.contents();
    std::string password(contents.begin(), std::ranges::find(contents, u8{'\n'}));
    if (password.empty() || password.size() > host::VncOptions::longest_password)
        return user_error(
            "--display password-file {}: its first line has {} characters; give 1 to {}, as VNC has them",
            path, password.size(), host::VncOptions::longest_password);
    return password;
}

} // namespace

Result<void> attach_viewers(host::HostOutside& outside, const DisplayOptions& display,
                            std::optional<u64> balloon_memory) {
    const auto wake = [&outside] { outside.wake(); };
    auto control = host::ControlServer::open(wake, balloon_memory);
    if (control)
        outside.add_viewer(std::move(*control));
    else
        spdlog::warn("{}", control.error().message);
    if (display.kind == DisplayOptions::Kind::text) TRY(outside.show_text());
    const bool is_web = display.kind == DisplayOptions::Kind::web;
    if (display.kind != DisplayOptions::Kind::vnc && !is_web) return {};
    const std::string password =
        display.password_file ? TRY(read_password(*display.password_file)) : std::string();
    host::VncOptions options{display.address, display.port, password};
    if (is_web) options.web_folder = host::VncOptions::default_web_folder;
    outside.add_viewer(TRY(host::VncDisplay::open(options, wake)));
    return {};
}

} // namespace ringer::cli
