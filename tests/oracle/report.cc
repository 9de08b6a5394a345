#include "report.h"

#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ringer::oracle {

namespace {

struct Counts {
    u64 forms = 0, host = 0, exposed = 0, excluded = 0, tested = 0, differing = 0;
    u64 trials = 0, completed = 0;

    void add(const Form& form, const FormResult& result) {
        ++forms;
        host += result.host_has || form.excluded;
        exposed += form.exposed;
        if (form.exposed) {
            excluded += form.excluded != nullptr;
            tested += result.trials != 0;
        }
        differing += result.differing != 0;
        trials += result.trials;
        completed += result.completed;
    }
};

/// By instruction set, and in all.
std::map<std::string, Counts> count(const std::vector<Form>& forms, const CampaignResult& result) {
    std::map<std::string, Counts> rows;
    for (std::size_t i = 0; i < forms.size(); ++i) {
        rows[ZydisISASetGetString(forms[i].isa_set)].add(forms[i], result.forms[i]);
        rows["all"].add(forms[i], result.forms[i]);
    }
    return rows;
}

std::string table(const std::vector<Form>& forms, const CampaignResult& result, const char* header,
                  const char* row) {
    std::string text = header;
    for (const auto& [name, counts] : count(forms, result))
        text +=
            fmt::format(fmt::runtime(row), name, counts.forms, counts.host, counts.exposed, counts.excluded,
                        counts.tested, counts.differing, counts.trials, counts.completed);
    return text;
}

std::string mnemonic_name(ZydisMnemonic mnemonic) { return ZydisMnemonicGetString(mnemonic); }

} // namespace

std::string coverage_text(const std::vector<Form>& forms, const CampaignResult& result) {
    return table(forms, result,
                 "instruction set        forms   host exposed excluded tested differ     trials  completed\n",
                 "{:20} {:7} {:6} {:7} {:8} {:6} {:6} {:10} {:10}\n");
}

std::string coverage_json(const std::vector<Form>& forms, const CampaignResult& result) {
    nlohmann::json all = nlohmann::json::array();
    for (std::size_t i = 0; i < forms.size(); ++i) {
        const Form& form = forms[i];
        const FormResult& seen = result.forms[i];
        nlohmann::json one = {{"form", form.name},       {"set", ZydisISASetGetString(form.isa_set)},
                              {"host", seen.host_has},   {"exposed", form.exposed},
                              {"trials", seen.trials},   {"completed", seen.completed},
                              {"endless", seen.endless}, {"differing", seen.differing}};
        if (form.excluded) one["excluded"] = form.excluded;
        all.push_back(std::move(one));
    }
    return all.dump(1) + "\n";
}

std::string coverage_markdown(const std::vector<Form>& forms, const CampaignResult& result) {
    std::string text = "# Equivalence with the real CPU\n\nWritten by `ringer-oracle --markdown`; "
                       "`tests/oracle/README.md` says how.\n\n";
    text += table(
        forms, result,
        "| Instruction set | Forms | Host has | Exposed | Excluded | Tested | Differ | Trials | Completed |\n"
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: |\n",
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n");
    text += "\n## Not compared\n\n| Instruction | Reason |\n| --- | --- |\n";
    std::map<std::string, std::string> reasons;
    for (const Form& form : forms)
        if (form.excluded) reasons[mnemonic_name(form.mnemonic)] = form.excluded;
    for (const auto& [name, reason] : reasons) text += fmt::format("| `{}` | {} |\n", name, reason);
    return text;
}

bool write_file(const std::string& path, const std::string& contents) {
    std::ofstream file(path);
    file << contents << std::flush;
    if (!file) fmt::print(stderr, "ringer-oracle: {} cannot be written\n", path);
    return static_cast<bool>(file);
}

} // namespace ringer::oracle
