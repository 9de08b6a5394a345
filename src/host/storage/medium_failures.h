#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ringer::host {

/// Tells the user of a medium that fails: of each kind of failure once, for a guest may try for ever.
class MediumFailures {
  public:
    /// `name` is the option that gave the medium, and its file.
    explicit MediumFailures(std::string name) : name_(std::move(name)) {}

    /// Returns `success`. `what` could not be done, such as "written", and why.
    bool settle(bool success, std::string_view what, std::string_view why);

  private:
    std::string name_;
    std::set<std::string> told_;
};

} // namespace ringer::host
