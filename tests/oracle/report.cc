#include "report.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <map>

#include <cpuid.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ringer::oracle {

namespace {

struct Counts {
    u64 forms = 0, host = 0, exposed = 0, excluded = 0, tested = 0, differing = 0;
    u64 trials = 0, completed = 0;

    void add(const Form& form, const FormResult& result) {
        ++forms;
        host += result.host_has || (form.excluded && form.exposed);
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

/// Why guests are not offered what the host has; nullptr for the other instruction sets.
const char* why_not_offered(std::string_view set) {
    struct Reason {
        std::string_view set;
        const char* reason;
    };
    constexpr const char* beyond = "beyond x86-64-v3, the CPU that guests are shown";
    constexpr Reason reasons[] = {
        {"AVX512", "AVX-512 is beyond x86-64-v3, the CPU that guests are shown"},
        {"AVX_", beyond},
        {"CLZERO", beyond},
        {"GFNI", beyond},
        {"MONITORX", "a wait for memory, which would tell of the host"},
        {"RDRAND", "random numbers would make two runs differ"},
        {"RDSEED", "random numbers would make two runs differ"},
        {"SNP", "no nested virtualization"},
        {"SSE4A", beyond},
        {"SVM", "no nested virtualization"},
        {"VAES", beyond},
        {"VPCLMULQDQ", beyond},
        {"VTX", "no nested virtualization"},
        {"XSAVES", "no supervisor state components"},
    };
    const auto* const found =
        std::ranges::find_if(reasons, [&](const Reason& one) { return set.starts_with(one.set); });
    return found == std::end(reasons) ? nullptr : found->reason;
}

/// What explains that not everything that the host has is exposed, or the other way round.
std::string note(std::string_view set, const Counts& row) {
    if (set == "all") return "";
    if (row.exposed == 0) {
        if (row.host == 0 && row.trials != 0) return "the host has not";
        const char* const why = why_not_offered(set);
        return why ? fmt::format("not exposed: {}", why) : "not exposed";
    }
    if (row.tested == 0)
        return row.excluded == row.forms ? "excluded, for the reasons below"
                                         : "alone only: not put into sequences";
    if (row.host < row.exposed) return "the others raise #UD in every program, here as there";
    return "";
}

/// "AuthenticAMD, family 25, model 17".
std::string host_cpu() {
    unsigned eax, ebx, ecx, edx;
    __cpuid(0, eax, ebx, ecx, edx);
    const std::array<unsigned, 3> words{ebx, edx, ecx};
    const std::string vendor(reinterpret_cast<const char*>(words.data()), sizeof(words));
    __cpuid(1, eax, ebx, ecx, edx);
    const unsigned base_family = eax >> 8 & 15;
    const unsigned family = base_family + (base_family == 15 ? eax >> 20 & 0xff : 0);
    const unsigned model = (eax >> 4 & 15) | (base_family == 15 || base_family == 6 ? eax >> 12 & 0xf0 : 0);
    return fmt::format("{}, family {}, model {}", vendor, family, model);
}

std::string introduction(const std::vector<Form>& forms, const CampaignResult& result,
                         const CampaignOptions& options) {
    const auto in_code = [&](CodeSize code_size) {
        return std::ranges::count(forms, code_size, &Form::code_size);
    };
    const Counts all = count(forms, result).at("all");
    const std::string what =
        options.sequence
            ? fmt::format("sequences of up to {} instructions, one of them of the form,", options.sequence)
            : "single instructions";
    return fmt::format(
        "# Equivalence with the real CPU{}\n\n"
        "Written by `make oracle` ({}) on {:%Y-%m-%d}; [how it works](oracle.md).\n\n"
        "- CPU: {}\n- engine: `{}`\n- trials: {} {} from seed {}, {} of each form; {} of {} forms differ\n"
        "- forms: {} of 64-bit code, {} of 32-bit and {} of 16-bit code in compatibility mode\n\n"
        "A form counts as the host's when it ever does otherwise than raise #UD. A trial counts as completed "
        "when no exception ends it. Forms that are not exposed raise #UD in the guest, which is checked as "
        "well. EVEX-coded forms are not listed: guests are not offered AVX-512.\n\n",
        options.sequence ? ": sequences" : "", options.sequence ? "`--sequence`" : "single instructions",
        fmt::gmtime(std::time(nullptr)), host_cpu(), options.engine, all.trials, what, options.seed,
        options.trials, all.differing, all.forms, in_code(CodeSize::bits64), in_code(CodeSize::bits32),
        in_code(CodeSize::bits16));
}

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

std::string coverage_markdown(const std::vector<Form>& forms, const CampaignResult& result,
                              const CampaignOptions& options) {
    std::string text = introduction(forms, result, options);
    text +=
        "| Instruction set | Forms | Host has | Exposed | Excluded | Tested | Differ | Trials | Completed | "
        "Note |\n| --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |\n";
    for (const auto& [name, row] : count(forms, result))
        text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", name, row.forms,
                            row.host, row.exposed, row.excluded, row.tested, row.differing, row.trials,
                            row.completed, note(name, row));
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
