#include "display/png.h"

#include <gtest/gtest.h>
#include <png.h>

namespace ringer::display {
namespace {

TEST(Png, HoldsThePicture) {
    const Picture picture{3, 2, {0xff0000, 0x00ff00, 0x0000ff, 0x123456, 0, 0xffffff}};
    const auto file = png_of(picture);
    ASSERT_TRUE(file);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    ASSERT_TRUE(png_image_begin_read_from_memory(&image, file->data(), file->size()));
    EXPECT_EQ(image.width, 3u);
    EXPECT_EQ(image.height, 2u);
    image.format = PNG_FORMAT_RGB;
    std::vector<u8> bytes(PNG_IMAGE_SIZE(image));
    ASSERT_TRUE(png_image_finish_read(&image, nullptr, bytes.data(), 0, nullptr));
    const std::vector<u8> expected{0xff, 0,    0,    0, 0xff, 0, 0,    0,    0xff,
                                   0x12, 0x34, 0x56, 0, 0,    0, 0xff, 0xff, 0xff};
    EXPECT_EQ(bytes, expected);
}

} // namespace
} // namespace ringer::display
