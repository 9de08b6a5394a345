#pragma once

#include "base/types.h"
#include "host/ram.h"
#include "memory/shadow_space.h"

#include <memory>

namespace ringer::host {

/// Keeps a shadow space for guest RAM that is shared (HostRam::Kind). One at a time in a process.
class HostShadowSpace final : public memory::ShadowSpace {
  public:
    /// nullptr: the host has no room for one, as where addresses are limited, or a tool keeps its own memory
    /// there. `ram` must outlive it.
    static std::unique_ptr<HostShadowSpace> make(const HostRam& ram);
    HostShadowSpace(const HostShadowSpace&) = delete;
    HostShadowSpace& operator=(const HostShadowSpace&) = delete;
    ~HostShadowSpace() override;

    bool map(u64 linear, std::span<const u8> ram, bool writable) override;
    void unmap(u64 linear, u64 bytes) override;
    void clear() override;
    void enter_thread() override;
    /// The most that was ever mapped in this process, in bytes: the host counts it as memory of its own,
    /// beside the RAM that it is.
    static u64 most_mapped();
    void watch(std::span<const u8> code, memory::RefusedAccessHandler* handler) override;

  private:
    explicit HostShadowSpace(const HostRam& ram) : ram_(ram) {}

    const HostRam& ram_;
    u64 mapped_ = 0; ///< In bytes.
};

} // namespace ringer::host
