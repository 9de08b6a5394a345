#include "display/png.h"

#include "base/assert.h"

#include <png.h>

namespace ringer::display {

namespace {

std::vector<u8> rgb_bytes(const Picture& picture) {
    std::vector<u8> bytes;
    bytes.reserve(3 * picture.pixels.size());
    for (const u32 pixel : picture.pixels)
        for (const unsigned shift : {16, 8, 0}) bytes.push_back(static_cast<u8>(pixel >> shift));
    return bytes;
}

} // namespace

Result<std::vector<u8>> png_of(const Picture& picture) {
    RINGER_ASSERT(picture.pixels.size() == std::size_t{picture.width} * picture.height);
    const std::vector<u8> rgb = rgb_bytes(picture);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = picture.width;
    image.height = picture.height;
    image.format = PNG_FORMAT_RGB;
    std::vector<u8> file(PNG_IMAGE_PNG_SIZE_MAX(image));
    png_alloc_size_t size = file.size();
    if (!png_image_write_to_memory(&image, file.data(), &size, 0, rgb.data(), 0, nullptr))
        return host_error("a picture of {} by {} pixels cannot be written as PNG: {}", picture.width,
                          picture.height, image.message);
    file.resize(size);
    return file;
}

} // namespace ringer::display
