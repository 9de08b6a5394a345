#include "host/lazy_library.h"

#include <dlfcn.h>

namespace ringer::host {

Result<void> LazyLibrary::load(std::string_view subject) {
    if (is_loaded_) return {};
    const auto missing = [&] { // dlerror() names the file.
        return host_error("{}: {}; install the package {}", subject, dlerror(), package_);
    };
    void* const library = dlopen(file_, RTLD_NOW | RTLD_LOCAL);
    if (!library) return missing();
    for (LazyFunctionBase* const each : functions_) {
        each->address_ = dlsym(library, each->name_);
        if (!each->address_) return missing();
    }
    is_loaded_ = true;
    return {};
}

} // namespace ringer::host
