#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace ringer {

void invariant_broken(std::string_view condition, std::source_location where) {
    std::fprintf(stderr,
                 "ringer: broken invariant: %.*s at %s:%u in %s\n"
                 "ringer: this is a bug in Ringer, not in the guest; please report it with this line\n",
                 static_cast<int>(condition.size()), condition.data(), where.file_name(),
                 static_cast<unsigned>(where.line()), where.function_name());
    std::abort();
}

} // namespace ringer
