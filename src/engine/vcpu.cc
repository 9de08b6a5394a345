#include "engine/vcpu.h"

#include <array>

namespace ringer::engine {

std::string_view name(const Exit& exit) {
    // In the order of the variant's alternatives.
    constexpr std::array<std::string_view, std::variant_size_v<Exit>> names{
        "io", "mmio", "hlt", "shutdown", "debug", "budget_spent", "interrupted"};
    return names[exit.index()];
}

} // namespace ringer::engine
