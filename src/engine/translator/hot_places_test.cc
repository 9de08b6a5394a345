#include "engine/translator/hot_places.h"

#include <gtest/gtest.h>

namespace ringer::engine::translator {
namespace {

constexpr u64 place = 0x401000;

unsigned times_until_hot(HotPlaces& places, u8 often) {
    unsigned times = 1;
    while (!places.note(place, often)) ++times;
    return times;
}

TEST(HotPlaces, APlaceIsHotEachTimeItWasSeenOftenEnough) {
    HotPlaces places;
    EXPECT_EQ(times_until_hot(places, 12), 12u);
    EXPECT_EQ(times_until_hot(places, 12), 12u);
}

TEST(HotPlaces, WhatIsSeenRarelyIsForgotten) {
    HotPlaces places;
    for (unsigned i = 0; i < 100'000; ++i)
        EXPECT_FALSE(places.note(i % 1024 * 16, 12)) << "one of a thousand";
}

} // namespace
} // namespace ringer::engine::translator
