#include "host/storage/medium_thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

    std::counting_semaphore<> go_{0}, woken_{0};
    std::vector<int> told_;
    MediumThread worker_{[this] { woken_.release(); }};
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
