#include "base/assert.h"
#include "base/types.h"
#include "host/storage/image_format.h"

#include <algorithm>
#include <string>
#include <string_view>

using namespace ringer;

namespace {

/// An image is of another format than raw only when name and contents say so, and raw only when neither does,
/// and it is of no format of old, or the name says that.
void detect(const std::string& name, std::optional<host::ImageFormat> named, std::span<const u8> head,
            std::span<const u8> tail) {
    const auto contents = host::format_of_contents(head, tail);
    RINGER_ASSERT(contents != host::ImageFormat::raw);
    const auto format = host::detect_format("fuzz", name, head, tail);
    if (named == host::ImageFormat::raw)
        RINGER_ASSERT(format && *format == host::ImageFormat::raw);
    else if (named == contents && (contents || !host::is_of_old_format(head)))
        RINGER_ASSERT(format && *format == named.value_or(host::ImageFormat::raw));
    else
        RINGER_ASSERT(!format && format.error().message.starts_with("fuzz " + name + ": "));
}

} // namespace

/// The head of a file that may be a disk image, whose tail is the end of the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    const std::span whole(data, size);
    const auto head = whole.first(std::min(size, host::image_head_size));
    const auto tail = whole.last(std::min(size, host::image_tail_size));
    detect("disk", std::nullopt, head, tail);
    const auto names = host::image_format_names();
    for (std::size_t i = 0; i < names.size(); ++i)
        detect("disk." + std::string(names[i]), static_cast<host::ImageFormat>(i), head, tail);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto format = static_cast<host::ImageFormat>(i);
        const u64 least = host::least_file_size(format, head);
        RINGER_ASSERT(least == 0 || format == host::ImageFormat::qcow2 || format == host::ImageFormat::vdi);
    }
    const auto backing = host::qcow2_backing(head);
    if (!backing) return 0;
    RINGER_ASSERT(host::format_of_contents(head, tail) == host::ImageFormat::qcow2);
    RINGER_ASSERT(!backing->file.empty() && backing->file.size() < 1024);
    const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
    RINGER_ASSERT(text.contains(backing->file) && text.contains(backing->format));
    return 0;
}
