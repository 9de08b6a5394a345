#include "base/assert.h"
#include "state/reader.h"
#include "state/test_state.h"
#include "state/writer.h"

using namespace ringer;

namespace {

std::vector<u8> save(state::test::Component& component) {
    state::Writer writer;
    writer.field(1, "component", component);
    return writer.finish();
}

} // namespace

/// Whatever a Reader accepts can be saved, and then loads to the same again with nothing missing.
extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    state::test::Component component = state::test::sample();
    state::Reader reader({data, size}, "fuzz");
    reader.field(1, "component", component);
    if (const auto missing = reader.finish(); !missing) {
        RINGER_ASSERT(missing.error().message.starts_with("fuzz: "));
        return 0;
    }
    const std::vector<u8> saved = save(component);
    state::test::Component copy;
    state::Reader second(saved, "fuzz");
    second.field(1, "component", copy);
    const auto missing = second.finish();
    RINGER_ASSERT(missing && missing->empty());
    RINGER_ASSERT(copy == component);
    RINGER_ASSERT(save(copy) == saved);
    return 0;
}
