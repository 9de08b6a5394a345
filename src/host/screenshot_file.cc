#include "host/screenshot_file.h"

#include "display/png.h"
#include "host/descriptor.h"
#include "host/failure.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace ringer::host {

Result<std::string> save_screenshot(const display::Picture& picture) {
    constexpr unsigned most = 9999;
    const auto file = TRY(display::png_of(picture));
    for (unsigned number = 1; number <= most; ++number) {
        std::string name = fmt::format("ringer-{}-{}.png", getpid(), number);
        Descriptor output(open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
        if (!output && errno == EEXIST) continue;
        int failed = output ? write_all(output.get(), file) : errno;
        if (output && failed == 0) failed = output.close();
        if (failed != 0)
            return host_error("screenshot {}: cannot be written ({}); start Ringer in another folder", name,
                              reason(failed));
        return name;
    }
    return host_error("screenshot: there are {} already; move some away", most);
}

} // namespace ringer::host
