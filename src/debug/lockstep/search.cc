#include "debug/lockstep/search.h"

#include "debug/lockstep/difference.h"
#include "host/process_copy.h"

#include <functional>

namespace ringer::debug {

using nlohmann::ordered_json;

namespace {

/// What `question` answers in a copy of the process, where it may run the machines.
Result<std::string> ask_in_copy(const std::function<std::string()>& question) {
    auto copy = TRY(host::ProcessCopy::make([&](std::string_view) { return question(); }));
    return copy.ask("");
}

} // namespace

Result<ordered_json> Search::run() {
    const auto step = TRY(first_differing_step());
    if (!step)
        return ordered_json{{"located", false},
                            {"reason", "they did not when the same instructions were run again, so an engine "
                                       "does not repeat itself"}};
    replay(std::span(steps_).first(*step));
    Step last = steps_[*step];
    last.limit = TRY(first_difference_in(last));

    Step before = last;
    --before.limit;
    const std::string instruction = TRY(ask_in_copy([&] {
        pair_.run(before);
        return describe_instruction(pair_[0]).dump();
    }));
    pair_.run(last);
    ordered_json report{
        {"located", true}, {"instruction", last.limit}, {"before", ordered_json::parse(instruction)}};
    report.update(describe_differences(pair_));
    return report;
}

void Search::replay(std::span<const Step> steps) {
    for (const Step& step : steps) pair_.run(step);
}

Result<bool> Search::differ_after(std::span<const Step> steps) {
    const std::string agree = "agree";
    return TRY(ask_in_copy([&] {
               replay(steps);
               return pair_.agree() ? agree : "differ";
           })) != agree;
}

Result<std::optional<std::size_t>> Search::first_differing_step() {
    const std::span<const Step> steps(steps_);
    if (!TRY(differ_after(steps))) return std::nullopt;
    // As a rule it is the last one: those before it were compared. But not all of RAM.
    std::size_t agree = steps.size() - 1, differ = steps.size();
    if (TRY(differ_after(steps.first(agree)))) {
        differ = agree;
        agree = 0;
    }
    while (differ - agree > 1) {
        const std::size_t middle = agree + (differ - agree) / 2;
        (TRY(differ_after(steps.first(middle))) ? differ : agree) = middle;
    }
    return differ - 1;
}

Result<u64> Search::first_difference_in(Step step) {
    u64 agree = pair_.retired(), differ = step.limit;
    while (differ - agree > 1) {
        step.limit = agree + (differ - agree) / 2;
        (TRY(differ_after({&step, 1})) ? differ : agree) = step.limit;
    }
    return differ;
}

} // namespace ringer::debug
