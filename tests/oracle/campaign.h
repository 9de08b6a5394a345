#pragma once

#include "form.h"

#include <string>
#include <string_view>
#include <vector>

namespace ringer::oracle {

struct CampaignOptions {
    std::string engine;
    u64 seed = 1;
    u64 trials = 100;      ///< Of each form.
    unsigned sequence = 0; ///< Instead of single instructions, sequences of at most so many, in which one has
                           ///< the form; 0: single ones.
    unsigned jobs = 1;
    bool progress = false; ///< On standard error.
};

/// What was seen of one form.
struct FormResult {
    u64 trials = 0;
    u64 completed = 0; ///< Trials in which the instruction ran to its end.
    u64 endless = 0;   ///< Trials left out since the instruction does not end.
    u64 differing = 0;
    bool host_has = false; ///< The real CPU did not raise #UD in every trial.
};

struct Finding {
    std::size_t form;
    std::string text; ///< The shrunk case.
};

struct CampaignResult {
    std::vector<FormResult> forms; ///< As the forms given.
    std::vector<Finding> findings;
};

/// Runs trials of every form that is not excluded, in child processes. One that dies is replaced, and its
/// death is a finding. Of forms that are not exposed it is only seen who has them.
/// Sequences take their other instructions from `all`.
CampaignResult run_campaign(const std::vector<Form>& forms, const std::vector<Form>& all,
                            const CampaignOptions& options);

} // namespace ringer::oracle
