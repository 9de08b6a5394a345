#include "machine/run_loop.h"

#include <algorithm>
#include <utility>

namespace ringer::machine {

RunLoop::RunLoop(Parts parts) : parts_(std::move(parts)) {
    parts_.timers.on_change = [this] { deadline_moved(); };
}

RunLoop::~RunLoop() { parts_.timers.on_change = nullptr; }

RunOutcome RunLoop::run(const RunLimits& limits) {
    parts_.clock.resume();
    ending_.reset();
    for (;;) {
        look_outside();
        parts_.timers.expire_due();
        if (!ending_ && limits.max_instructions && parts_.vcpu.retired() >= *limits.max_instructions)
            end(EndReason::instruction_limit);
        if (ending_) break;

        planned_deadline_ = parts_.timers.next_deadline();
        running_ = true;
        const engine::RunResult result = parts_.vcpu.run(budget(limits));
        running_ = false;
        ++exits_[engine::name(result.exit)];
        handle(result.exit);
    }
    for (device::MediumWorker* const worker : parts_.workers) worker->finish();
    flush_output();
    parts_.clock.pause();
    return {ending_->reason, ending_->code, parts_.vcpu.retired(), exits_};
}

void RunLoop::end(EndReason reason, u32 code) {
    if (reason == EndReason::reset && parts_.panic_watch.panicked()) reason = EndReason::panic;
    if (!ending_) ending_ = Ending{reason, code};
    if (running_) parts_.vcpu.stop_soon();
}

/// What a run of the vCPU has left behind comes first, so that an ending of its own is not lost to the
/// operator's.
void RunLoop::look_outside() {
    flush_output();
    if (parts_.balloon) parts_.outside.operate(*parts_.balloon);
    if (parts_.seat) parts_.outside.look(parts_.seat->screen);
    if (!ending_) heed_request();
    if (!ending_) deliver_input();
}

bool RunLoop::deliver_input() {
    bool delivered = false;
    for (const auto& [end, line] : parts_.serial) delivered |= line.deliver(end);
    if (const auto size = parts_.console ? parts_.outside.console_size() : std::nullopt)
        delivered |= parts_.console->resize(*size);
    for (NetworkLine* const line : parts_.networks) delivered |= line->deliver();
    for (device::MediumWorker* const worker : parts_.workers) delivered |= worker->deliver();
    while (parts_.seat && parts_.seat->input.has_room()) {
        const auto event = parts_.outside.next_input();
        if (!event) break;
        parts_.seat->input.take(*event);
        delivered = true;
    }
    return delivered;
}

void RunLoop::flush_output() {
    for (const auto& [end, line] : parts_.serial) line.flush();
    for (SerialLine* const line : parts_.output_only) line->flush();
}

void RunLoop::heed_request() {
    switch (parts_.outside.request()) {
    case world::Outside::Request::none: return;
    case world::Outside::Request::quit: return end(EndReason::quit);
    case world::Outside::Request::timeout: return end(EndReason::timeout);
    case world::Outside::Request::failure: return end(EndReason::host_failure);
    }
}

engine::Budget RunLoop::budget(const RunLimits& limits) {
    Nanoseconds until = parts_.clock.now() + look_interval;
    if (planned_deadline_) until = std::min(until, *planned_deadline_);
    const u64 instructions = parts_.clock.instructions_until(until);
    if (limits.max_instructions) {
        const u64 left = *limits.max_instructions - parts_.vcpu.retired();
        if (left <= instructions) return left;
    }
    return {instructions, parts_.clock.counts_instructions() ? 0 : slack};
}

void RunLoop::handle(const engine::Exit& exit) {
    if (const auto* const halt = std::get_if<engine::Hlt>(&exit)) {
        if (halt->interruptible)
            parts_.panic_watch.guest_lives();
        else if (parts_.panic_watch.panicked())
            end(EndReason::panic);
        idle();
    } else if (std::holds_alternative<engine::Shutdown>(exit)) {
        end(parts_.panic_watch.panicked() ? EndReason::panic : EndReason::triple_fault);
    } else if (std::holds_alternative<engine::Io>(exit) || std::holds_alternative<engine::Mmio>(exit)) {
        // The answer depends on time or on the outside.
        idle();
    }
}

/// Lets time pass while the vCPU has nothing to do.
void RunLoop::idle() {
    flush_output();
    if (ending_ || deliver_input()) return;
    parts_.clock.idle_until(parts_.timers.next_deadline(), parts_.outside);
}

/// A run must not go past a deadline that a device has set in the middle of it.
void RunLoop::deadline_moved() {
    const auto next = parts_.timers.next_deadline();
    if (running_ && next && (!planned_deadline_ || *next < *planned_deadline_)) {
        planned_deadline_ = next;
        parts_.vcpu.stop_soon();
    }
}

} // namespace ringer::machine
