#include "debug/lockstep/scripted_outside.h"

#include "base/assert.h"

#include <xxhash.h>

#include <algorithm>

namespace ringer::debug {

void visit(state::Archive& archive, ScriptedOutside::Sent& sent) {
    auto& [bytes, digest] = sent;
    archive.field(1, "bytes", bytes).field(2, "digest", digest);
}

void ScriptedOutside::begin_step(unsigned line, std::span<const u8> input) {
    step_began_at_ = vcpu_->retired();
    if (!input.empty()) input_line_ = line;
    input_.insert(input_.end(), input.begin(), input.end());
    waiting_ = false;
}

void ScriptedOutside::visit(state::Archive& archive) {
    archive.field(1, "sent", sent_)
        .field(2, "input", input_)
        .field(3, "waiting", waiting_)
        .field(4, "input_line", input_line_);
}

std::size_t ScriptedOutside::receive(unsigned line, std::span<u8> buffer) {
    if (line != input_line_ || vcpu_->retired() != step_began_at_) return 0;
    const std::size_t count = std::min(buffer.size(), input_.size());
    std::copy_n(input_.begin(), count, buffer.begin());
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
}

void ScriptedOutside::send(unsigned line, std::span<const u8> contents) {
    RINGER_ASSERT(line < world::lines);
    Sent& so_far = sent_[line];
    so_far.bytes += contents.size();
    for (const u8 byte : contents) so_far.digest = XXH3_64bits_withSeed(&byte, 1, so_far.digest);
    if (on_send) on_send(line, contents);
}

world::Outside::Request ScriptedOutside::request() {
    return waiting_ || (stop && stop()) ? Request::quit : Request::none;
}

} // namespace ringer::debug
