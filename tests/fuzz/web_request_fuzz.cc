#include "base/assert.h"
#include "base/types.h"
#include "host/web_request.h"

using namespace ringer;

/// What a browser, or anybody else, may send. No file that it is given leads out of the folder.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto request = host::WebRequest::parse(text);
    if (!request) return 0;
    (void)request->is_our_own();
    if (const auto file = host::WebFile::of_path(request->path))
        RINGER_ASSERT(file->path.find("..") != 0 && file->path.find("/.") == std::string::npos &&
                      !file->path.starts_with('.') && file->path.find('\0') == std::string::npos);
    return 0;
}
