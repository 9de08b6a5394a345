#pragma once

#include "random.h"
#include "trial.h"

#include <optional>

namespace ringer::oracle {

/// Makes trials of one form, each from its seed alone.
class Generator {
  public:
    Generator(const Form& form, bool is_amd);

    /// nullopt: no encoding tried had the form (which a form with few encodings may see now and then).
    std::optional<Trial> make(u64 seed) const;

  private:
    const Form& form_;
    bool is_amd_;
    u64 form_seed_;
};

} // namespace ringer::oracle
