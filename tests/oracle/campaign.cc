#include "campaign.h"

#include "base/assert.h"
#include "duel.h"
#include "generator.h"
#include "layout.h"
#include "sequence.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ringer::oracle {

namespace {

constexpr unsigned most_jobs = 64;
constexpr unsigned most_findings = 4096;
constexpr u64 invalid_opcode = 6;
constexpr unsigned most_deaths = 64;
constexpr unsigned trials_of_unexposed = 12;
/// So many differing trials say enough of a form.
constexpr u64 enough_differences = 16;

struct SharedFinding {
    std::size_t form;
    char text[4096];
};

/// In memory that parent and children share.
struct Board {
    std::atomic<std::size_t> next_form;
    std::atomic<u64> trials;
    std::atomic<unsigned> findings;
    struct Position {
        std::size_t form;
        u64 trial;
    } position[most_jobs]; ///< What each job is at.
    SharedFinding finding[most_findings];
    FormResult forms[];
};

class SharedBoard {
  public:
    explicit SharedBoard(std::size_t forms) : size_(sizeof(Board) + forms * sizeof(FormResult)) {
        void* const memory = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        RINGER_ASSERT(memory != MAP_FAILED);
        board_ = static_cast<Board*>(memory); // All zero, which is the initial state of everything in it.
    }
    SharedBoard(const SharedBoard&) = delete;
    SharedBoard& operator=(const SharedBoard&) = delete;
    ~SharedBoard() { munmap(board_, size_); }
    Board* operator->() { return board_; }

  private:
    std::size_t size_;
    Board* board_;
};

u64 trial_seed(u64 seed, u64 number) { return number == 0 ? seed : scramble(seed + number) >> 16; }

void add_finding(SharedBoard& board, std::size_t form, const std::string& text) {
    const unsigned number = board->findings.fetch_add(1);
    if (number >= most_findings) return;
    SharedFinding& finding = board->finding[number];
    finding.form = form;
    finding.text[text.copy(finding.text, sizeof(finding.text) - 1)] = 0;
}

/// The command line that runs one trial again.
std::string command(const Form& form, const CampaignOptions& options, u64 seed) {
    const std::string sequence = options.sequence ? fmt::format(" --sequence {}", options.sequence) : "";
    const std::string engine = fmt::format(" --engine {}", options.engine);
    return fmt::format("  ringer-oracle --form '{}'{}{} --seed {} --trials 1\n", form.name, engine, sequence,
                       seed);
}

/// One child's work.
class Job {
  public:
    Job(const std::vector<Form>& forms, const SequencePool& pool, const CampaignOptions& options,
        SharedBoard& board, unsigned number)
        : forms_(forms), pool_(pool), options_(options), board_(board), here_(board->position[number]),
          duel_(options.engine) {}

    void run() {
        // A predecessor may have died in the middle of a form.
        for (; here_.form < forms_.size(); here_ = {board_->next_form.fetch_add(1), 0}) run_form();
    }

  private:
    void run_form() {
        const Form& form = forms_[here_.form];
        FormResult& result = board_->forms[here_.form];
        if (form.excluded) return;
        const u64 wanted =
            form.exposed ? options_.trials : std::min<u64>(options_.trials, trials_of_unexposed);
        for (; here_.trial < wanted && result.differing < enough_differences; ++here_.trial) {
            const u64 seed = trial_seed(options_.seed, here_.trial);
            if (const auto trial = make_trial(form, seed)) run_trial(form, result, *trial, seed);
        }
    }

    std::optional<Trial> make_trial(const Form& form, u64 seed) const {
        if (options_.sequence == 0) return Generator(form, duel_.is_amd()).make(seed);
        return SequenceGenerator(pool_, form, duel_.is_amd(), options_.sequence).make(seed);
    }

    void run_trial(const Form& form, FormResult& result, const Trial& trial, u64 seed) {
        DuelResult duel = duel_.run(trial);
        // A difference must show again: when the host's kernel takes the CPU away in the middle of a trial,
        // an AMD CPU loses the x87 pointers.
        for (unsigned again = 0; again < 2 && !duel.differences.empty(); ++again) duel = duel_.run(trial);
        ++result.trials;
        ++board_->trials;
        result.endless += duel.endless;
        result.completed += duel.completed();
        result.host_has |= duel.native_vector != invalid_opcode && !may_reach_over_end(trial);
        const bool differs = form.exposed ? !duel.differences.empty() : duel.engine_completed();
        if (differs && result.differing++ == 0) report(form, trial, seed);
    }

    /// Where the instruction's own fetch may fault, whether there is such an instruction or not.
    static bool may_reach_over_end(const Trial& trial) {
        return trial.code_address() + trial.bytes.size() >= layout::code + layout::code_size;
    }

    void report(const Form& form, const Trial& trial, u64 seed) {
        const Trial smallest = duel_.shrink(trial);
        const auto differences = duel_.run(smallest).differences;
        add_finding(board_, here_.form,
                    fmt::format("{}\n{}{}", form.name, describe(smallest, differences, duel_.is_amd()),
                                command(form, options_, seed)));
    }

    const std::vector<Form>& forms_;
    const SequencePool& pool_;
    const CampaignOptions& options_;
    SharedBoard& board_;
    Board::Position& here_;
    Duel duel_;
};

/// Spreads jobs over the CPUs that the process may use, and keeps each where it is: what LSL tells of Linux'
/// descriptor of the CPU's number must not change under way.
void stay_on_one_cpu(unsigned job) {
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return;
    unsigned skip = job % static_cast<unsigned>(CPU_COUNT(&allowed));
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed) || skip--) continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        sched_setaffinity(0, sizeof(one), &one);
        return;
    }
}

/// Tells once in a while how far the jobs are, while it lives.
class Progress {
  public:
    Progress(SharedBoard& board, std::size_t forms)
        : thread_([&board, forms](const std::stop_token& stop) {
              std::mutex mutex;
              std::condition_variable_any sleep;
              std::unique_lock lock(mutex);
              while (!sleep.wait_for(lock, stop, std::chrono::seconds(10), [] { return false; })) {
                  if (stop.stop_requested()) return;
                  fmt::print(stderr, "{} of {} forms, {} trials, {} findings\n",
                             std::min(board->next_form.load(), forms), forms, board->trials.load(),
                             board->findings.load());
              }
          }) {}

  private:
    std::jthread thread_;
};

/// Starts jobs, and starts them again when they die.
class Jobs {
  public:
    Jobs(const std::vector<Form>& forms, const SequencePool& pool, const CampaignOptions& options,
         SharedBoard& board)
        : forms_(forms), pool_(pool), options_(options), board_(board) {}

    void run() {
        for (unsigned job = 0; job < std::min(options_.jobs, most_jobs); ++job) {
            board_->position[job] = {board_->next_form.fetch_add(1), 0};
            start(job);
        }
        int status;
        std::optional<Progress> progress;
        if (options_.progress) progress.emplace(board_, forms_.size());
        for (pid_t pid; !running_.empty() && (pid = wait(&status)) > 0;) {
            const unsigned job = running_.at(pid);
            running_.erase(pid);
            if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) after_death(job, status);
        }
    }

  private:
    void start(unsigned job) {
        const pid_t pid = fork();
        RINGER_ASSERT(pid >= 0);
        if (pid == 0) {
            stay_on_one_cpu(job);
            Job(forms_, pool_, options_, board_, job).run();
            _exit(0);
        }
        running_[pid] = job;
    }

    void after_death(unsigned job, int status) {
        Board::Position& position = board_->position[job];
        if (position.form >= forms_.size()) return;
        const Form& form = forms_[position.form];
        // Where the host is itself a guest or a sandbox, a signal of its own may fail to arrive once in
        // millions of trials. What a trial does, it does again.
        const std::pair at{position.form, position.trial};
        const bool is_first = std::exchange(last_death_[job], at) != at;
        if (is_first && ++deaths_ < most_deaths) {
            start(job);
            return;
        }
        ++board_->forms[position.form].differing;
        const u64 seed = trial_seed(options_.seed, position.trial);
        add_finding(board_, position.form,
                    fmt::format("{}\n  the process died with status {:#x}\n{}", form.name, status,
                                command(form, options_, seed)));
        ++position.trial;
        if (++deaths_ < most_deaths) start(job);
    }

    const std::vector<Form>& forms_;
    const SequencePool& pool_;
    const CampaignOptions& options_;
    SharedBoard& board_;
    std::map<pid_t, unsigned> running_;
    std::map<unsigned, std::optional<std::pair<std::size_t, u64>>> last_death_; ///< Of each job, where.
    unsigned deaths_ = 0;
};

} // namespace

CampaignResult run_campaign(const std::vector<Form>& forms, const std::vector<Form>& all,
                            const CampaignOptions& options) {
    SharedBoard board(forms.size());
    const SequencePool pool(all);
    Jobs(forms, pool, options, board).run();
    CampaignResult result;
    result.forms.assign(board->forms, board->forms + forms.size());
    const unsigned findings = std::min(board->findings.load(), most_findings);
    for (unsigned i = 0; i < findings; ++i)
        result.findings.push_back({board->finding[i].form, board->finding[i].text});
    return result;
}

} // namespace ringer::oracle
