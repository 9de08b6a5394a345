#include "host/lazy_library.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace ringer::host {
namespace {

LazyLibrary zlib("libz.so.1", "zlib1g");
RINGER_LAZY_FUNCTION(zlib, zlibVersion); // NOLINT(readability-identifier-naming): the library's name.

LazyLibrary no_library("libno-such-thing.so.1", "libno-such-thing1");

LazyLibrary no_function("libz.so.1", "zlib1g");
const LazyFunction<void()> never(no_function, "zlib_has_no_such_function");

TEST(LazyLibraryTest, ItsFunctionsAreThereOnceItIsLoaded) {
    ASSERT_TRUE(zlib.load("test"));
    ASSERT_TRUE(zlib.load("test")) << "again";
    EXPECT_EQ(zlibVersion()[0], '1');
}

TEST(LazyLibraryTest, AMissingOneIsToldWithItsPackage) {
    const Result<void> loaded = no_library.load("--disk a");
    ASSERT_FALSE(loaded);
    EXPECT_TRUE(loaded.error().message.starts_with("--disk a: libno-such-thing.so.1: "))
        << loaded.error().message;
    EXPECT_TRUE(loaded.error().message.ends_with("; install the package libno-such-thing1"));
}

TEST(LazyLibraryTest, SoIsOneThatLacksAFunction) { EXPECT_FALSE(no_function.load("test")); }

} // namespace
} // namespace ringer::host
