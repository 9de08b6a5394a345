#include "device/clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace ringer::device {
namespace {

class ManualClock : public Clock {
  public:
    Nanoseconds now() const override { return time; }
    Nanoseconds time = 0;
};

class TimerQueueTest : public testing::Test {
  protected:
    void expire_at(Nanoseconds time) {
        clock_.time = time;
        queue_.expire_due();
    }
    auto logs(char letter) {
        return [this, letter] { log_ += letter; };
    }

    ManualClock clock_;
    TimerQueue queue_{clock_};
    std::string log_;
};

TEST_F(TimerQueueTest, IsEmptyUntilATimerIsArmed) {
    Timer timer(queue_, logs('a'));
    EXPECT_EQ(timer.deadline(), std::nullopt);
    EXPECT_EQ(queue_.next_deadline(), std::nullopt);
    expire_at(1000);
    EXPECT_EQ(log_, "");
}

TEST_F(TimerQueueTest, CallsBackOnceAtTheDeadline) {
    Timer timer(queue_, logs('a'));
    timer.arm(100);
    EXPECT_EQ(timer.deadline(), 100u);
    EXPECT_EQ(queue_.next_deadline(), 100u);
    expire_at(99);
    EXPECT_EQ(log_, "");
    expire_at(100);
    EXPECT_EQ(log_, "a");
    EXPECT_EQ(timer.deadline(), std::nullopt);
    EXPECT_EQ(queue_.next_deadline(), std::nullopt);
    expire_at(200);
    EXPECT_EQ(log_, "a");
}

TEST_F(TimerQueueTest, CallsBackForADeadlineThatHasPassed) {
    clock_.time = 500;
    Timer timer(queue_, logs('a'));
    timer.arm(3);
    EXPECT_EQ(log_, "") << "only the run loop lets timers expire";
    queue_.expire_due();
    EXPECT_EQ(log_, "a");
}

TEST_F(TimerQueueTest, ArmingAgainReplacesTheDeadline) {
    Timer timer(queue_, logs('a'));
    timer.arm(100);
    timer.arm(300);
    expire_at(200);
    EXPECT_EQ(log_, "");
    timer.arm(150);
    expire_at(200);
    EXPECT_EQ(log_, "a");
}

TEST_F(TimerQueueTest, ExpiresInOrderOfDeadlinesThenOfMaking) {
    Timer a(queue_, logs('a')), b(queue_, logs('b')), c(queue_, logs('c')), d(queue_, logs('d'));
    d.arm(20);
    c.arm(10);
    b.arm(20);
    a.arm(30);
    EXPECT_EQ(queue_.next_deadline(), 10u);
    expire_at(30);
    EXPECT_EQ(log_, "cbda");
}

TEST_F(TimerQueueTest, DisarmedOrDestroyedTimersDoNotExpire) {
    Timer a(queue_, logs('a'));
    auto b = std::make_unique<Timer>(queue_, logs('b'));
    a.arm(10);
    b->arm(20);
    a.disarm();
    EXPECT_EQ(queue_.next_deadline(), 20u);
    b.reset();
    EXPECT_EQ(queue_.next_deadline(), std::nullopt);
    expire_at(100);
    EXPECT_EQ(log_, "");
}

TEST_F(TimerQueueTest, APeriodicTimerCatchesUp) {
    Timer* self = nullptr;
    Nanoseconds next = 10;
    Timer timer(queue_, [&] {
        log_ += 'a';
        self->arm(next += 10);
    });
    self = &timer;
    timer.arm(next);
    Timer other(queue_, logs('b'));
    other.arm(25);
    expire_at(39);
    EXPECT_EQ(log_, "aaba");
    EXPECT_EQ(queue_.next_deadline(), 40u);
}

TEST_F(TimerQueueTest, ACallbackMayDestroyItsOwnTimer) {
    std::unique_ptr<Timer> timer;
    timer = std::make_unique<Timer>(queue_, [this, &timer] {
        timer.reset();
        log_ += 'a';
    });
    timer->arm(1);
    expire_at(5);
    EXPECT_EQ(log_, "a");
}

TEST_F(TimerQueueTest, ACallbackMayDisarmAndDestroyOtherDueTimers) {
    Timer c(queue_, logs('c'));
    auto d = std::make_unique<Timer>(queue_, logs('d'));
    Timer a(queue_, [&] {
        log_ += 'a';
        c.disarm();
        d.reset();
    });
    a.arm(1);
    c.arm(2);
    d->arm(2);
    expire_at(5);
    EXPECT_EQ(log_, "a");
}

TEST_F(TimerQueueTest, TellsOfEveryMoveOfTheEarliestDeadline) {
    unsigned changes = 0;
    queue_.on_change = [&] { ++changes; };
    Timer a(queue_, logs('a')), b(queue_, logs('b'));
    a.arm(100);
    EXPECT_EQ(changes, 1u);
    b.arm(200);
    EXPECT_EQ(changes, 1u) << "a later deadline moves nothing";
    b.arm(50);
    EXPECT_EQ(changes, 2u);
    b.arm(50);
    EXPECT_EQ(changes, 2u);
    b.disarm();
    EXPECT_EQ(changes, 3u);
    b.disarm();
    EXPECT_EQ(changes, 3u);
    expire_at(100);
    EXPECT_EQ(changes, 4u);
}

TEST_F(TimerQueueTest, DestroyingAnArmedTimerTellsNobody) {
    auto timer = std::make_unique<Timer>(queue_, logs('a'));
    timer->arm(10);
    queue_.on_change = [] { FAIL(); };
    timer.reset();
    EXPECT_EQ(queue_.next_deadline(), std::nullopt);
}

} // namespace
} // namespace ringer::device
