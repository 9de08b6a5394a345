#pragma once

#include "x86/access.h"

namespace ringer::x86 {

/// With which rights an access is made.
struct AccessRights {
    Access access;
    bool user;              ///< At CPL 3, and not an implicit supervisor access.
    bool user_pages_closed; ///< SMAP applies: a supervisor may not touch user pages.
};

struct Translation {
    GuestPhysical address;
    PageKind page; ///< Of 4 KiB, 2 MiB, 4 MiB or 1 GiB; 4 GiB without paging.
    bool writable; ///< A write with the same rights needs no further walk: permitted, and the page is dirty.
};

/// Walks the page tables for one linear address (Intel SDM Vol. 3, chapter 4): checks the rights, sets
/// accessed and dirty bits, or raises #PF. `linear` is canonical in 64-bit mode, and below 4 GiB otherwise.
Guest<Translation> translate(Cpu& cpu, u64 linear, const AccessRights& rights);

/// What translate() gives where it would neither fault nor set a bit, and otherwise nothing: for those who
/// ask in advance.
std::optional<Translation> foresee(Cpu& cpu, u64 linear, const AccessRights& rights);

/// The same translation without its effects, for debuggers: no rights, no accessed bits. nullopt when not
/// mapped.
std::optional<GuestPhysical> inspect_translation(Cpu& cpu, u64 linear);

} // namespace ringer::x86
