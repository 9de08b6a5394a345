#pragma once

#include "base/result.h"
#include "base/types.h"
#include "boot/firmware.h"
#include "boot/kernel_image.h"
#include "cli/net_options.h"
#include "host/outside.h"
#include "host/storage/disk_image.h"
#include "machine/memory_layout.h"
#include "machine/pc.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringer::cli {

/// SeaBIOS, as Debian's package seabios has it.
inline constexpr std::string_view default_firmware = "/usr/share/seabios/bios-256k.bin";

/// The display adapter's, from the same package.
inline constexpr std::string_view default_vga_bios = "/usr/share/seabios/vgabios-stdvga.bin";

/// The options of `ringer run` as they were typed, or their defaults. Other commands that run a machine take
/// some of them.
struct RunArguments {
    std::string kernel;
    std::string initrd;
    std::string append;
    std::string memory = "512M";
    std::string engine = "translator";
    std::string entry = "auto";
    std::string clock = "host";
    std::string serial = "auto";
    std::string console;
    std::string display = "none";
    std::string firmware;
    std::string on_reset;
    std::vector<std::string> disks, cdroms, floppies, nets;
    std::string boot = "cda";
    bool rng = false;
    std::string balloon;
    std::string timeout;
    std::string max_instructions;
    std::string stats;
    std::string log_level = "warning";
    std::string config; ///< A file with more of them.
    bool print_config = false;
};

/// Adds the options to `command`; parsing fills `arguments`, which must outlive it.
void add_run_options(CLI::App& command, RunArguments& arguments);

/// Adds one option that takes a value of the given type, and tells its default: `value`, or `without` where
/// that is empty.
void add_option(CLI::App& command, const std::string& name, std::string& value, const std::string& type,
                const std::string& description, const std::string& without = {});

/// @name Parts of them, for other commands
/// @{
/// What the machine is and what it boots, but for engine and clock.
void add_machine_options(CLI::App& command, RunArguments& arguments);
/// When the run ends at the latest, and what is told on the way.
void add_limit_options(CLI::App& command, RunArguments& arguments);
void add_log_level(CLI::App& command, std::string& level);
/// @}

/// The engines to choose from, for help and errors.
std::string engine_list();

/// Checks that there is an engine `name`; an error names `option`.
Result<void> check_engine(std::string_view option, std::string_view name);

/// What runs when there is no kernel to be loaded.
struct FirmwareOptions {
    std::string path;
    std::string vga_bios;
    std::optional<std::string> log; ///< Where what it says is written to.
};

/// A drive, on an IDE cable or a virtio device of its own.
struct DriveOptions {
    using Kind = machine::IdeDriveOptions::Kind;
    enum class Bus : u8 { ide, virtio };
    Kind kind;
    host::DiskImage image;
    Bus bus = Bus::ide;
    unsigned channel = 0, place = 0; ///< On the IDE cables.

    /// The option that it was given by.
    std::string_view role() const { return kind == Kind::disk ? "--disk" : "--cdrom"; }
};

/// A disk in a floppy drive.
struct FloppyOptions {
    std::string path;
    bool is_read_only;
};

/// Who sees the screen and sits at the keyboard, besides `ringer screenshot`.
struct DisplayOptions {
    enum class Kind : u8 {
        none,
        text, ///< The terminal.
        vnc,
        web, ///< noVNC.
    };
    Kind kind = Kind::none;
    std::string address{}; ///< Where viewers come in.
    u16 port = 0;
    std::optional<std::string> password_file{};
};

/// What they mean.
struct RunOptions {
    FirmwareOptions firmware;
    std::vector<DriveOptions> drives;
    std::vector<FloppyOptions> floppies; ///< Of drive A: and drive B:, at most.
    std::vector<NetOptions> nets;
    bool rng = false; ///< An entropy device.
    std::optional<device::VirtioBalloon::Options> balloon{};
    std::vector<boot::BootDevice> boot_order;
    bool restarts = false; ///< After a reset.
    std::optional<std::string> kernel;
    std::optional<std::string> initrd;
    std::string append;
    machine::MemoryLayout layout;
    std::string engine;
    boot::Entry entry;
    machine::ClockKind clock;
    host::LineBackend serial;
    std::optional<host::LineBackend> console; ///< By virtio.
    DisplayOptions display;
    std::optional<Nanoseconds> timeout;
    std::optional<u64> max_instructions;
    std::optional<std::string> stats;
};

/// Checks the arguments as far as that can be done without opening a file.
Result<RunOptions> interpret(const RunArguments& arguments);

} // namespace ringer::cli
