// Holds an engine to the real CPU: ringer-oracle --help.

#include "campaign.h"
#include "native_cpu.h"
#include "report.h"

#include "engine/x86_engine.h"

#include <algorithm>
#include <cstdio>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

using namespace ringer::oracle;

namespace {

struct Options {
    CampaignOptions campaign;
    std::string form;
    std::string json, markdown;
    bool list = false;
    bool amd_only = false;
};

/// Those with this very name, or else those whose name contains it.
std::vector<Form> chosen(std::vector<Form> forms, const std::string& text) {
    const bool is_name = std::ranges::find(forms, text, &Form::name) != forms.end();
    std::erase_if(forms, [&](const Form& form) {
        return is_name ? form.name != text : form.name.find(text) == std::string::npos;
    });
    return forms;
}

int run(const Options& options) {
    const auto model = ringer::x86::host_model();
    const bool is_followed = model.is_amd && !__builtin_cpu_is("znver1");
    if (options.amd_only && !is_followed) {
        fmt::print(
            "ringer-oracle: this CPU is not AMD's, or its first Zen; without --amd-only it is compared "
            "all the same\n");
        return 4;
    }
    std::vector<CodeSize> code_sizes{CodeSize::bits64, CodeSize::bits32};
    if (load_local_segments()) code_sizes.push_back(CodeSize::bits16);
    const std::vector<Form> all = all_forms(model, code_sizes);
    const std::vector<Form> forms = chosen(all, options.form);
    if (forms.empty()) {
        fmt::print(stderr, "ringer-oracle: no form is named like '{}'; --list shows them all\n",
                   options.form);
        return 2;
    }
    if (options.list) {
        for (const Form& form : forms) fmt::print("{}\n", form.name);
        return 0;
    }
    const CampaignResult result = run_campaign(forms, all, options.campaign);
    for (const Finding& finding : result.findings) fmt::print("{}\n", finding.text);
    fmt::print("{}", coverage_text(forms, result));
    bool written = true;
    if (!options.json.empty()) written = write_file(options.json, coverage_json(forms, result));
    if (!options.markdown.empty())
        written = write_file(options.markdown, coverage_markdown(forms, result, options.campaign)) && written;
    return result.findings.empty() && written ? 0 : 1;
}

} // namespace

int main(int count, char** arguments) {
    Options options;
    options.campaign.engine = ringer::engine::x86_engine_names().front();
    options.campaign.jobs = std::max(1u, std::thread::hardware_concurrency());
    CLI::App app("Runs random instructions on the real CPU and in an engine, and compares everything that a "
                 "user-mode program could see of them. Exit status 1: they differ.");
    app.add_option("--engine", options.campaign.engine, "The engine to hold to the real CPU")
        ->check(CLI::IsMember(ringer::engine::x86_engine_names()));
    app.add_option("--form", options.form, "Only forms whose name contains this, or is this");
    app.add_option("--trials", options.campaign.trials, "Trials of each form")->capture_default_str();
    app.add_option(
           "--sequence", options.campaign.sequence,
           "Instead of single instructions, run sequences of at most so many, one of them of the form")
        ->check(CLI::Range(2, 32));
    app.add_option("--seed", options.campaign.seed, "What all trials follow from")->capture_default_str();
    app.add_option("--jobs", options.campaign.jobs, "Processes to run at a time")->capture_default_str();
    app.add_flag("--progress", options.campaign.progress, "Report on standard error how far it is");
    app.add_flag("--amd-only", options.amd_only,
                 "End with status 4 on other makers' CPUs, and on AMD's first Zen");
    app.add_flag("--list", options.list, "Print the forms' names");
    app.add_option("--json", options.json, "Write the coverage, form by form, to this file");
    app.add_option("--markdown", options.markdown, "Write the coverage table to this file");
    CLI11_PARSE(app, count, arguments);
    return run(options);
}
