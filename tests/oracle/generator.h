#pragma once

#include "random.h"
#include "trial.h"

#include <optional>

namespace ringer::oracle {

/// Where code of at most `longest` bytes may stand, as an offset from CS.base: now and then where it reaches
/// over a page's end.
u64 start_address(CodeSize code_size, u64 longest, Random& random);

/// Whether bytes would call the host's kernel if execution came to them, be it within an instruction:
/// SYSCALL, SYSENTER, INT 80h.
bool calls_kernel(std::span<const u8> bytes);

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
