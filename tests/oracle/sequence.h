#pragma once

#include "random.h"
#include "trial.h"

#include <optional>
#include <vector>

namespace ringer::oracle {

/// The forms that sequences are made of: those that are compared and mostly run to their end.
class SequencePool {
  public:
    /// `forms` must outlive the pool.
    explicit SequencePool(const std::vector<Form>& forms);

    /// Half of the time one of the general instructions, on whose flags others depend.
    const Form& pick(CodeSize code_size, Random& random) const;

  private:
    struct Kinds {
        std::vector<const Form*> general, others;
    };
    std::array<Kinds, 3> by_code_size_; ///< By CodeSize.
};

/// Makes trials of several instructions in a row, one of them of a given form, each from its seed alone.
/// Branches among them lead to one another, forward and back.
class SequenceGenerator {
  public:
    /// At most `longest` instructions, and at least 2.
    SequenceGenerator(const SequencePool& pool, const Form& form, bool is_amd, unsigned longest);

    /// nullopt: no encoding tried had the form, or one of its kind is not for sequences.
    std::optional<Trial> make(u64 seed) const;

  private:
    const SequencePool& pool_;
    const Form& form_;
    bool is_amd_;
    unsigned longest_;
    u64 form_seed_;
};

} // namespace ringer::oracle
