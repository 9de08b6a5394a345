#pragma once

#include "base/result.h"

#include <string_view>
#include <vector>

namespace ringer::host {

class LazyFunctionBase;

/// A shared library that few guests need, and that brings many others along: it is loaded when one does.
class LazyLibrary {
  public:
    /// `file` is its name for the linker at run time, `package` the one of Debian's that has it.
    LazyLibrary(const char* file, const char* package) : file_(file), package_(package) {}

    /// Makes its functions callable, for as long as the process lives; not while another thread does so.
    /// `subject` is what an error begins with.
    Result<void> load(std::string_view subject);

  private:
    friend class LazyFunctionBase;

    const char* file_;
    const char* package_;
    bool is_loaded_ = false;
    std::vector<LazyFunctionBase*> functions_;
};

class LazyFunctionBase {
  public:
    LazyFunctionBase(const LazyFunctionBase&) = delete;
    LazyFunctionBase& operator=(const LazyFunctionBase&) = delete;

  protected:
    LazyFunctionBase(LazyLibrary& library, const char* name) : name_(name) {
        library.functions_.push_back(this);
    }
    ~LazyFunctionBase() = default;
    void* address() const { return address_; }

  private:
    friend class LazyLibrary;

    const char* name_;
    void* address_ = nullptr;
};

/// A function of a library, which is to be loaded before it is called.
template <class Function>
class LazyFunction : public LazyFunctionBase {
  public:
    LazyFunction(LazyLibrary& library, const char* name) : LazyFunctionBase(library, name) {}
    operator Function*() const { return reinterpret_cast<Function*>(address()); }
};

/// Only for its type, without the attributes that the header has for the function.
template <class Outcome, class... Arguments>
LazyFunction<Outcome(Arguments...)> lazy_form_of(Outcome (*)(Arguments...));

/// Defines what stands for a function that a header declares, under the same name in the present namespace.
#define RINGER_LAZY_FUNCTION(library, function) RINGER_LAZY_FUNCTION_NAMED(library, function)
#define RINGER_LAZY_FUNCTION_NAMED(library, function)                                                        \
    const decltype(lazy_form_of(&::function)) function(library, #function)

} // namespace ringer::host
