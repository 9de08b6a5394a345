#include "cli/run_options.h"

#include "base/bits.h"
#include "cli/config_file.h"
#include "cli/key_values.h"
#include "cli/quantities.h"
#include "device/floppy/floppy_controller.h"
#include "engine/x86_engine.h"
#include "host/ram.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <utility>

namespace ringer::cli {

namespace {

/// The value that `text` names in `choices`, or an error that lists them.
template <class T>
Result<T> choose(std::string_view option, std::string_view text,
                 std::initializer_list<std::pair<std::string_view, T>> choices) {
    std::string names;
    for (const auto& [name, value] : choices) {
        if (name == text) return value;
        names += (names.empty() ? "" : ", ") + std::string(name);
    }
    return user_error("{} {}: unknown; give one of {}", option, text, names);
}

Result<machine::MemoryLayout> parse_memory(const std::string& text) {
    const u64 size = TRY(parse_size("--memory", text));
    auto layout = machine::MemoryLayout::of_size(size);
    if (!layout) return user_error("--memory {}: {}", text, layout.error().message);
    if (const u64 host = host::host_memory(); size > host)
        return user_error("--memory {}: this host has only {} MiB; give less", text, host / MiB);
    return *layout;
}

using LineKind = host::LineBackend::Kind;

Result<host::LineBackend> parse_line(std::string_view option, const std::string& text) {
    constexpr std::string_view file = "file:";
    if (text == "stdio") return host::LineBackend{LineKind::stdio, {}};
    if (text == "none") return host::LineBackend{LineKind::none, {}};
    if (text.starts_with(file) && text.size() > file.size())
        return host::LineBackend{LineKind::file, text.substr(file.size())};
    return user_error("{} {}: unknown; give {}stdio, file:PATH or none", option, text,
                      option == "--serial" ? "auto, " : "");
}

/// What the first serial port and the console are connected to.
struct Lines {
    host::LineBackend serial;
    std::optional<host::LineBackend> console{};

    /// The option by which one of them has the terminal; empty: none has.
    std::string_view owner_of_stdio() const {
        if (serial.kind == LineKind::stdio) return "--serial";
        return console && console->kind == LineKind::stdio ? "--console" : "";
    }
};

Result<Lines> parse_lines(const RunArguments& arguments) {
    Lines lines;
    if (!arguments.console.empty()) lines.console = TRY(parse_line("--console", arguments.console));
    const bool console_has_stdio = lines.console && lines.console->kind == LineKind::stdio;
    if (arguments.serial == "auto") {
        lines.serial.kind = console_has_stdio ? LineKind::none : LineKind::stdio;
        return lines;
    }
    lines.serial = TRY(parse_line("--serial", arguments.serial));
    if (console_has_stdio && lines.serial.kind == LineKind::stdio)
        return user_error("--console stdio: takes standard input and output, which the serial port has; give "
                          "--serial none or file:PATH");
    return lines;
}

/// "ADDR:PORT".
Result<DisplayOptions> parse_listener(DisplayOptions::Kind kind, const std::string& text,
                                      const std::string& place) {
    const std::size_t colon = place.rfind(':');
    const std::string port = colon == std::string::npos ? "" : place.substr(colon + 1);
    u16 number = 0;
    const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (port.empty() || failed != std::errc() || end != port.data() + port.size() || number == 0)
        return user_error("--display {}: has no address and port; give one such as {}", text,
                          kind == DisplayOptions::Kind::web ? "web:127.0.0.1:8006" : "vnc:127.0.0.1:5900");
    const std::string address = place.substr(0, colon);
    return DisplayOptions{
        .kind = kind, .address = address == "localhost" ? "127.0.0.1" : address, .port = number};
}

Result<DisplayOptions> parse_display(const RunArguments& arguments, const Lines& lines) {
    using Kind = DisplayOptions::Kind;
    constexpr std::array<std::pair<std::string_view, Kind>, 2> listeners{
        {{"vnc:", Kind::vnc}, {"web:", Kind::web}}};
    const auto values = TRY(KeyValues::parse("--display", arguments.display, {"type", "password-file"}));
    const std::string text = values.value("type").value_or("");
    for (const auto& [prefix, kind] : listeners) {
        if (!text.starts_with(prefix)) continue;
        DisplayOptions display = TRY(parse_listener(kind, text, text.substr(prefix.size())));
        display.password_file = values.value("password-file");
        return display;
    }
    if (text != "none" && text != "text")
        return user_error("--display {}: unknown; give none, text, vnc:ADDRESS:PORT or web:ADDRESS:PORT",
                          text);
    if (values.has("password-file"))
        return user_error("--display {}: has no viewers that could know a password; leave password-file out",
                          text);
    if (const auto owner = lines.owner_of_stdio(); text == "text" && !owner.empty())
        return user_error(
            "--display text: takes the terminal, which the {} has; give {} none or file:PATH too",
            owner == "--serial" ? "serial port" : "console", owner);
    return DisplayOptions{.kind = text == "text" ? Kind::text : Kind::none};
}

Result<FirmwareOptions> parse_firmware(const std::string& text) {
    const std::string path(default_firmware), vga_bios(default_vga_bios);
    if (text.empty()) return FirmwareOptions{path, vga_bios, {}};
    const auto values = TRY(KeyValues::parse("--firmware", text, {"file", "log", "vga"}));
    return FirmwareOptions{values.value("file").value_or(path), values.value("vga").value_or(vga_bios),
                           values.value("log")};
}

Result<std::optional<host::ImageFormat>> parse_format(std::string_view option,
                                                      const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    const auto names = host::image_format_names();
    const auto found = std::ranges::find(names, *text);
    if (found == names.end())
        return user_error("{}: format {}: unknown; give one of {}", option, *text, fmt::join(names, ", "));
    return static_cast<host::ImageFormat>(found - names.begin());
}

Result<DriveOptions> parse_disk(const std::string& text) {
    using Bus = DriveOptions::Bus;
    using Mode = host::MediumMode;
    const std::string option = "--disk " + text;
    const auto values =
        TRY(KeyValues::parse("--disk", text, {"file", "format", "overlay", "bus"}, {"readonly"}));
    if (!values.value("file")) return user_error("{}: names no file; give one", option);
    if (values.value("overlay") && values.has("readonly"))
        return user_error("{}: has an overlay for what the guest writes, and readonly lets it write nothing; "
                          "give one of the two",
                          option);
    const auto format = TRY(parse_format(option, values.value("format")));
    const Bus bus = TRY(choose<Bus>(option + ": bus", values.value("bus").value_or("ide"),
                                    {{"ide", Bus::ide}, {"virtio", Bus::virtio}}));
    return DriveOptions{.kind = DriveOptions::Kind::disk,
                        .image = {.path = *values.value("file"),
                                  .format = format,
                                  .overlay = values.value("overlay"),
                                  .mode = values.has("readonly") ? Mode::read_only : Mode::read_write},
                        .bus = bus};
}

/// A disc is what its file holds, whatever that looks like.
Result<DriveOptions> parse_cdrom(const std::string& text) {
    const auto values = TRY(KeyValues::parse("--cdrom", text, {"file"}));
    return DriveOptions{.kind = DriveOptions::Kind::cdrom,
                        .image = {.path = values.value("file").value_or(""),
                                  .format = host::ImageFormat::raw,
                                  .mode = host::MediumMode::read_only}};
}

/// The drives, and those on the IDE cables at their places: disks from the first cable's first place on,
/// CD-ROMs from the second's.
Result<std::vector<DriveOptions>> parse_drives(const RunArguments& arguments) {
    constexpr std::size_t most = 4, most_virtio = 16;
    std::vector<DriveOptions> drives;
    drives.reserve(arguments.cdroms.size() + arguments.disks.size());
    for (const std::string& text : arguments.cdroms) drives.push_back(TRY(parse_cdrom(text)));
    for (const std::string& text : arguments.disks) drives.push_back(TRY(parse_disk(text)));
    std::size_t virtio_count = 0, ide_count = 0;
    std::array<bool, most> taken{};
    for (DriveOptions& drive : drives) {
        if (drive.bus == DriveOptions::Bus::virtio) {
            if (++virtio_count > most_virtio)
                return user_error("--disk {}: is one too many; give at most {} virtio disks",
                                  drive.image.path, most_virtio);
            continue;
        }
        if (++ide_count > most)
            return user_error("{} {}: is one too many; give at most {} IDE drives, and more disks with "
                              ",bus=virtio",
                              drive.role(), drive.image.path, most);
        unsigned number = drive.kind == DriveOptions::Kind::cdrom ? 2 : 0;
        while (taken[number]) number = (number + 1) % most;
        taken[number] = true;
        drive.channel = number / 2;
        drive.place = number % 2;
    }
    return drives;
}

Result<std::vector<FloppyOptions>> parse_floppies(const std::vector<std::string>& arguments) {
    constexpr std::size_t most = device::FloppyController::drive_count;
    std::vector<FloppyOptions> floppies;
    for (const std::string& text : arguments) {
        const auto values = TRY(KeyValues::parse("--floppy", text, {"file"}, {"readonly"}));
        if (!values.value("file")) return user_error("--floppy {}: names no file; give one", text);
        if (floppies.size() == most)
            return user_error("--floppy {}: is one too many; give at most {}, for drives A: and B:", text,
                              most);
        floppies.push_back({*values.value("file"), values.has("readonly")});
    }
    return floppies;
}

Result<std::optional<device::VirtioBalloon::Options>> parse_balloon(const std::string& text,
                                                                    const machine::MemoryLayout& layout) {
    if (text.empty()) return std::nullopt;
    const auto values = TRY(KeyValues::parse("--balloon", text, {"size"}, {"keep-on-oom", "no-reporting"}));
    const u64 size = TRY(parse_size("--balloon", values.value("size").value_or("0")));
    if (size >= layout.size())
        return user_error("--balloon {}: leaves the guest nothing of its {} MiB; give less, such as 0", text,
                          layout.size() / MiB);
    return device::VirtioBalloon::Options{.pages = static_cast<u32>(size / memory::page_size),
                                          .deflates_on_oom = !values.has("keep-on-oom"),
                                          .reports_free = !values.has("no-reporting")};
}

Result<std::vector<boot::BootDevice>> parse_boot_order(const std::string& text) {
    std::vector<boot::BootDevice> order;
    for (const char letter : text) {
        const auto device = TRY(choose<boot::BootDevice>("--boot", std::string_view(&letter, 1),
                                                         {{"c", boot::BootDevice::disk},
                                                          {"d", boot::BootDevice::cdrom},
                                                          {"a", boot::BootDevice::floppy}}));
        if (std::ranges::count(order, device) > 0)
            return user_error("--boot {}: names {} twice; give each letter once", text, letter);
        order.push_back(device);
    }
    if (order.empty()) return user_error("--boot: is empty; give letters such as cd");
    return order;
}

Result<bool> parse_on_reset(const RunArguments& arguments) {
    if (arguments.on_reset.empty()) return arguments.kernel.empty();
    const bool restarts =
        TRY(choose<bool>("--on-reset", arguments.on_reset, {{"restart", true}, {"end", false}}));
    if (restarts && !arguments.kernel.empty())
        return user_error(
            "--on-reset restart: a kernel that was loaded once cannot start again; give end, or "
            "leave out --kernel");
    return restarts;
}

/// That there is one thing to boot, and that nothing is given which goes with another.
Result<void> check_boot(const RunArguments& arguments) {
    if (arguments.kernel.empty()) {
        if (arguments.firmware.empty() && arguments.disks.empty() && arguments.cdroms.empty() &&
            arguments.floppies.empty())
            return user_error(
                "--kernel: is missing, and there is nothing else to boot; give a Linux kernel such as "
                "/boot/vmlinuz-*, or a --disk, --cdrom or --floppy");
        for (const auto& [option, value] :
             {std::pair("--initrd", &arguments.initrd), std::pair("--append", &arguments.append)})
            if (!value->empty())
                return user_error("{}: goes with a kernel, and none is given; give --kernel as well", option);
    } else if (!arguments.firmware.empty()) {
        return user_error("--firmware: has no part in the start of a --kernel; give one of the two");
    }
    return {};
}

} // namespace

std::string engine_list() { return fmt::format("{}", fmt::join(engine::x86_engine_names(), ", ")); }

Result<void> check_engine(std::string_view option, std::string_view name) {
    if (std::ranges::count(engine::x86_engine_names(), name) > 0) return {};
    return user_error("{} {}: unknown; give one of {}", option, name, engine_list());
}

void add_option(CLI::App& command, const std::string& name, std::string& value, const std::string& type,
                const std::string& description, const std::string& without) {
    const std::string& otherwise = without.empty() ? value : without;
    command.add_option(name, value, description + " (default: " + otherwise + ")")->type_name(type);
}

void add_machine_options(CLI::App& command, RunArguments& arguments) {
    command
        .add_option("--kernel", arguments.kernel,
                    "Linux bzImage, or ELF vmlinux with a PVH entry (default: firmware boots)")
        ->type_name("FILE");
    add_option(command, "--initrd", arguments.initrd, "FILE", "Initial RAM disk", "none");
    add_option(command, "--append", arguments.append, "STRING", "Kernel command line", "empty");
    command
        .add_option(
            "--disk", arguments.disks,
            "A hard disk; may be given several times. file: an image or a block device; format: raw, qcow2, "
            "vmdk, vhd, vhdx or vdi, default what name and contents agree on; overlay: a file for what the "
            "guest writes, so that the image stays as it is, default none; bus: ide or virtio, default ide; "
            "readonly: the guest cannot write to it, default it can (default: none)")
        ->type_name("[file=]FILE[,format=FORMAT][,overlay=FILE][,bus=BUS][,readonly]")
        ->allow_extra_args(false);
    command
        .add_option("--cdrom", arguments.cdroms,
                    "A CD-ROM; disks and CD-ROMs are four at most. file: an ISO 9660 image (default: none)")
        ->type_name("[file=]FILE")
        ->allow_extra_args(false);
    command
        .add_option("--floppy", arguments.floppies,
                    "A floppy disk; twice at most, for drives A: and B:. file: a raw image of 160K to 2.88M; "
                    "readonly: write-protected, default it can be written to (default: none)")
        ->type_name("[file=]FILE[,readonly]")
        ->allow_extra_args(false);
    add_option(command, "--boot", arguments.boot, "ORDER",
               "Where firmware looks for an operating system: c hard disk, d CD-ROM, a floppy");
    add_option(
        command, "--firmware", arguments.firmware, "[file=]FILE[,log=FILE][,vga=FILE]",
        "The PC's firmware, when there is no --kernel. file: SeaBIOS; log: where its messages are written "
        "to, default none; vga: the display adapter's BIOS, default " +
            std::string(default_vga_bios),
        std::string(default_firmware));
    add_option(command, "--on-reset", arguments.on_reset, "restart|end",
               "What a reset or a triple fault of the guest does", "restart; with --kernel, end");
    add_option(command, "--memory", arguments.memory, "SIZE", "Guest RAM, such as 512M, 1G, 64MiB");
    add_option(command, "--entry", arguments.entry, "auto|32|64", "Which entry point of a bzImage is called");
    add_option(command, "--serial", arguments.serial, "auto|stdio|file:PATH|none",
               "What the first serial port is connected to. auto: stdio, or none with --console stdio");
    add_option(command, "--console", arguments.console, "stdio|file:PATH|none",
               "What a virtio console (Linux's hvc0) is connected to", "there is no such console");
}

void add_limit_options(CLI::App& command, RunArguments& arguments) {
    add_option(command, "--timeout", arguments.timeout, "TIME",
               "End the run after this time on the host, such as 60s, 5m", "none");
    add_option(command, "--max-instructions", arguments.max_instructions, "N",
               "Stop exactly after N guest instructions", "none");
    add_log_level(command, arguments.log_level);
}

void add_log_level(CLI::App& command, std::string& level) {
    add_option(command, "--log-level", level, "LEVEL",
               "What to tell on standard error: trace, debug, info, warning, error, off");
}

void add_run_options(CLI::App& command, RunArguments& arguments) {
    add_option(command, std::string(config_option), arguments.config, "FILE",
               "Take options from this file, in TOML; what is typed goes before it", "none");
    command.add_flag(std::string(print_config_option), arguments.print_config,
                     "Write such a file with all options that were given, and run nothing (default: off)");
    add_machine_options(command, arguments);
    command
        .add_option(
            "--net", arguments.nets,
            "A network interface; may be given several times. user: the host speaks for the guest, "
            "by its own sockets; hostfwd: tcp|udp:[ADDRESS]:PORT-[ADDRESS]:PORT, a port of the host "
            "that leads to one of the guest, several times, default none; ipv6: on or off, default "
            "on. socket: a cable to another machine, whose Ringer or QEMU has the other end; listen "
            "or connect, one of them: [ADDRESS]:PORT or unix:PATH; mtu: the greatest packets, default "
            "1500. tap: a tap device of the host; interface: its name, which must be given. mac: the "
            "interface's address, default 52:54:00:12:34:56 for the first of user, and so on "
            "(default: none)")
        ->type_name(
            "user[,ipv6=on|off][,hostfwd=FORWARD]...|socket,listen=PLACE|socket,connect=PLACE[,mtu=SIZE]"
            "|tap,interface=NAME[,mac=MAC]")
        ->allow_extra_args(false);
    command.add_flag("--rng", arguments.rng,
                     "A source of random numbers: the host's; with --clock virtual, the same in every run "
                     "(default: off)");
    add_option(
        command, "--balloon", arguments.balloon, "[size=]SIZE[,keep-on-oom][,no-reporting]",
        "A balloon: memory that the guest gives back to the host. size: how much of it at first, default 0; "
        "'ringer balloon' sets it later; keep-on-oom: the guest may not take it back by itself before it "
        "kills a process, default it may; no-reporting: the guest does not tell what is free, default it "
        "does, and the host gets that back too",
        "none");
    add_option(
        command, "--display", arguments.display, "none|text|vnc:ADDR:PORT|web:ADDR:PORT[,password-file=FILE]",
        "Who sees the screen and types at the keyboard: nobody, this terminal, viewers by VNC, or browsers. "
        "password-file: what they must know is its first line, default nothing");
    add_option(command, "--engine", arguments.engine, "NAME",
               "What executes the guest's instructions: " + engine_list());
    add_option(command, "--clock", arguments.clock, "host|virtual",
               "The guest's time: the host's, or one nanosecond an instruction, which makes runs repeatable");
    add_limit_options(command, arguments);
    add_option(command, "--stats", arguments.stats, "FILE",
               "Write statistics of the run to this file, as JSON", "none");
    command.footer(
        "With a terminal, Ctrl-A x quits and Ctrl-A h lists the keys.\n\n"
        "Exit status: 0 the guest powered off; (v << 1) | 1 it wrote v to the debug-exit port;\n"
        "1 host failure; 2 bad usage or input file; 3 guest reset; 124 timeout; 125 triple fault;\n"
        "126 instruction limit; 255 guest panic; 128 + n ended by signal n");
}

Result<RunOptions> interpret(const RunArguments& arguments) {
    const auto given = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional(text);
    };

    TRY(check_boot(arguments));
    const auto firmware = TRY(parse_firmware(arguments.firmware));
    const auto drives = TRY(parse_drives(arguments));
    const auto floppies = TRY(parse_floppies(arguments.floppies));
    const auto nets = TRY(parse_nets(arguments.nets));
    const auto boot_order = TRY(parse_boot_order(arguments.boot));
    const bool restarts = TRY(parse_on_reset(arguments));
    TRY(check_engine("--engine", arguments.engine));
    // Each checked before the members are made: GCC 12 would not destroy them when one is refused.
    const auto layout = TRY(parse_memory(arguments.memory));
    const auto balloon = TRY(parse_balloon(arguments.balloon, layout));
    const auto entry = TRY(choose<boot::Entry>(
        "--entry", arguments.entry,
        {{"auto", boot::Entry::automatic}, {"32", boot::Entry::bits_32}, {"64", boot::Entry::bits_64}}));
    const auto clock = TRY(choose<machine::ClockKind>(
        "--clock", arguments.clock,
        {{"host", machine::ClockKind::host}, {"virtual", machine::ClockKind::instructions}}));
    const auto lines = TRY(parse_lines(arguments));
    const auto display = TRY(parse_display(arguments, lines));
    RunOptions options{
        .firmware = firmware,
        .drives = drives,
        .floppies = floppies,
        .nets = nets,
        .rng = arguments.rng,
        .balloon = balloon,
        .boot_order = boot_order,
        .restarts = restarts,
        .kernel = given(arguments.kernel),
        .initrd = given(arguments.initrd),
        .append = arguments.append,
        .layout = layout,
        .engine = arguments.engine,
        .entry = entry,
        .clock = clock,
        .serial = lines.serial,
        .console = lines.console,
        .display = display,
        .timeout = {},
        .max_instructions = {},
        .stats = given(arguments.stats),
    };
    if (!arguments.timeout.empty()) options.timeout = TRY(parse_duration("--timeout", arguments.timeout));
    if (!arguments.max_instructions.empty())
        options.max_instructions = TRY(parse_count("--max-instructions", arguments.max_instructions));
    return options;
}

} // namespace ringer::cli
