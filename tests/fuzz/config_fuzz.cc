#include "base/assert.h"
#include "base/types.h"
#include "cli/config_file.h"

#include <string>
#include <string_view>
#include <vector>

using namespace ringer;

namespace {

/// A command with an option of each kind.
struct Command {
    CLI::App options;
    std::string memory, timeout;
    std::vector<std::string> disks, nets;
    bool rng = false;

    Command() {
        options.add_option("--memory", memory)->type_name("SIZE");
        options.add_option("--timeout", timeout)->type_name("TIME");
        options.add_option("--disk", disks)->type_name("[file=]FILE[,readonly]")->allow_extra_args(false);
        options.add_option("--net", nets)->type_name("user[,hostfwd=FORWARD]")->allow_extra_args(false);
        options.add_flag("--rng", rng);
        options.parse(std::vector<std::string>{});
    }
};

} // namespace

/// What is accepted can be written, and is the same when it is read again. What is not has a place.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    Command command;
    const auto origins = cli::apply_config(command.options, "fuzz",
                                           std::string_view(reinterpret_cast<const char*>(data), size));
    if (!origins) {
        RINGER_ASSERT(origins.error().message.starts_with("--config fuzz:"));
        return 0;
    }
    for (const auto& origin : *origins) RINGER_ASSERT(origin.place.starts_with("--config fuzz:"));
    const std::string text = cli::config_text(command.options);
    Command again;
    RINGER_ASSERT(cli::apply_config(again.options, "written", text));
    RINGER_ASSERT(again.memory == command.memory && again.timeout == command.timeout);
    RINGER_ASSERT(again.disks == command.disks && again.nets == command.nets && again.rng == command.rng);
    RINGER_ASSERT(cli::config_text(again.options) == text);
    return 0;
}
