#include "host/storage/medium_thread.h"

#include "device/storage/test_medium.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <semaphore>
#include <vector>

namespace ringer::host {
namespace {

class MediumThreadTest : public testing::Test {
  protected:
    /// A job that waits for `go_`.
    void start_slow(int number, bool success = true) {
        worker_.start(
            [this, success] {
                go_.acquire();
                return success;
            },
            [this, number](bool succeeded) { told_.push_back(succeeded ? number : -number); });
    }

    void start_read(int number, u64 offset, std::span<u8> destination) {
        worker_.start_read({offset, {destination}},
                           [this, number](bool succeeded) { told_.push_back(succeeded ? number : -number); });
    }

    std::counting_semaphore<> go_{0}, woken_{0};
    std::vector<int> told_;
    device::fixture::TestMedium medium_{4096};
    MediumThread worker_{medium_, [this] { woken_.release(); }};
};

TEST_F(MediumThreadTest, TellsOfAJobOnlyWhenItIsDoneAndOnlyWhenAsked) {
    start_slow(1);
    EXPECT_FALSE(worker_.deliver());
    go_.release();
    woken_.acquire();
    EXPECT_THAT(told_, testing::IsEmpty());
    EXPECT_TRUE(worker_.deliver());
    EXPECT_THAT(told_, testing::ElementsAre(1));
    EXPECT_FALSE(worker_.deliver());
}

TEST_F(MediumThreadTest, KeepsTheOrderAndTellsWhichFailed) {
    start_slow(1);
    start_slow(2, false);
    start_slow(3);
    go_.release(3);
    worker_.finish();
    EXPECT_THAT(told_, testing::ElementsAre(1, -2, 3));
}

TEST_F(MediumThreadTest, ReadsTogetherWhatIsBetweenTwoJobs) {
    std::array<u8, 512> first{}, second{}, third{}, zeros{};
    start_slow(1);
    start_read(2, 512, first);
    start_read(3, 1024, second);
    worker_.start([&] { return medium_.write(1024, zeros); }, [this](bool) { told_.push_back(4); });
    start_read(5, 1024, third);
    go_.release();
    worker_.finish();
    EXPECT_THAT(told_, testing::ElementsAre(1, 2, 3, 4, 5));
    EXPECT_THAT(medium_.together, testing::ElementsAre(2, 1));
    EXPECT_EQ(first[0], 1);
    EXPECT_EQ(second[0], 2);
    EXPECT_EQ(third, zeros);
}

TEST_F(MediumThreadTest, TellsOfReadsThatFail) {
    std::array<u8, 512> bytes{};
    medium_.fails = true;
    start_read(1, 0, bytes);
    worker_.finish();
    EXPECT_THAT(told_, testing::ElementsAre(-1));
}

TEST_F(MediumThreadTest, FinishesWhatIsStartedMeanwhileToo) {
    go_.release(2);
    worker_.start([] { return true; }, [this](bool) { start_slow(2); });
    worker_.finish();
    EXPECT_THAT(told_, testing::ElementsAre(2));
}

TEST_F(MediumThreadTest, AbandonsJobsOnlyOnceTheyAreDone) {
    int done = 0;
    worker_.start([&] { return ++done != 0; }, [this](bool) { told_.push_back(1); });
    worker_.start([&] { return ++done != 0; }, [this](bool) { told_.push_back(2); });
    worker_.abandon();
    EXPECT_EQ(done, 2);
    EXPECT_FALSE(worker_.deliver());
    EXPECT_THAT(told_, testing::IsEmpty());
}

} // namespace
} // namespace ringer::host
