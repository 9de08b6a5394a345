// Runs every assembled case on every subject that can run it, as one test each: case_runner FOLDER
// [GoogleTest options].

#include "machine.h"
#include "subject.h"

#include <cstdio>

#include <gtest/gtest.h>

namespace ringer::cases {

namespace {

class CaseTest : public testing::Test {
  public:
    CaseTest(const Case& one, Subject& subject) : one_(one), subject_(subject) {}

    void TestBody() override {
        const auto initial = initial_state(one_);
        ASSERT_TRUE(initial) << initial.error().message;
        for (const std::string& complaint : complaints(one_, *initial, subject_.run(one_, *initial)))
            ADD_FAILURE() << complaint;
    }

  private:
    const Case& one_;
    Subject& subject_;
};

void register_tests(const std::vector<Case>& cases, const std::vector<std::unique_ptr<Subject>>& subjects) {
    for (const auto& subject : subjects)
        for (const Case& one : cases)
            if (subject->can_run(one))
                testing::RegisterTest(subject->name().c_str(), one.name.c_str(), nullptr, nullptr, __FILE__,
                                      __LINE__,
                                      [&one, &subject = *subject] { return new CaseTest(one, subject); });
}

} // namespace

} // namespace ringer::cases

int main(int count, char** arguments) {
    using namespace ringer::cases;
    testing::InitGoogleTest(&count, arguments);
    if (count != 2) {
        std::fprintf(stderr, "usage: case_runner FOLDER-OF-ASSEMBLED-CASES [GoogleTest options]\n");
        return 2;
    }
    const auto cases = load_cases(arguments[1]);
    if (!cases || cases->empty()) {
        std::fprintf(stderr, "%s\n", cases ? "no cases there" : cases.error().message.c_str());
        return 2;
    }
    auto subjects = all_engines();
    subjects.push_back(real_cpu());
    register_tests(*cases, subjects);
    return RUN_ALL_TESTS();
}
