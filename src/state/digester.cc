#include "state/digester.h"

#include "base/assert.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace ringer::state {

void Digester::FreeState::operator()(XXH3_state_s* state) const { XXH3_freeState(state); }

Digester::Digester() : hash_(XXH3_createState()) {
    RINGER_ASSERT(hash_ && XXH3_128bits_reset(hash_.get()) == XXH_OK);
}

Digester::~Digester() = default;

void Digester::absorb(std::span<const u8> contents) {
    if (contents.empty()) return; // Its pointer may be null.
    RINGER_ASSERT(XXH3_128bits_update(hash_.get(), contents.data(), contents.size()) == XXH_OK);
}

void Digester::update(std::span<const u8> contents) {
    absorb(take_records());
    u64 size = contents.size();
    absorb({reinterpret_cast<const u8*>(&size), sizeof(size)});
    absorb(contents);
}

std::string Digester::hex() {
    absorb(take_records());
    const XXH128_hash_t hash = XXH3_128bits_digest(hash_.get());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

} // namespace ringer::state
