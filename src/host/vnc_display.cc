#include "host/vnc_display.h"

#include "host/blocked_signals.h"
#include "host/failure.h"
#include "host/lazy_library.h"
#include "host/process.h"
#include "host/vnc_keys.h"

#include <arpa/inet.h>
#include <rfb/rfb.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace ringer::host {

namespace {

LazyLibrary libvncserver("libvncserver.so.1", "libvncserver1");
// NOLINTBEGIN(readability-identifier-naming): the library's names.
RINGER_LAZY_FUNCTION(libvncserver, rfbCheckPasswordByList);
RINGER_LAZY_FUNCTION(libvncserver, rfbClientIteratorNext);
RINGER_LAZY_FUNCTION(libvncserver, rfbGetClientIterator);
RINGER_LAZY_FUNCTION(libvncserver, rfbGetScreen);
RINGER_LAZY_FUNCTION(libvncserver, rfbInitServer);
RINGER_LAZY_FUNCTION(libvncserver, rfbLogEnable);
RINGER_LAZY_FUNCTION(libvncserver, rfbMarkRectAsModified);
RINGER_LAZY_FUNCTION(libvncserver, rfbNewClient);
RINGER_LAZY_FUNCTION(libvncserver, rfbNewFramebuffer);
RINGER_LAZY_FUNCTION(libvncserver, rfbProcessEvents);
RINGER_LAZY_FUNCTION(libvncserver, rfbReleaseClientIterator);
RINGER_LAZY_FUNCTION(libvncserver, rfbScreenCleanup);
RINGER_LAZY_FUNCTION(libvncserver, rfbShutdownServer);
// NOLINTEND(readability-identifier-naming)

/// Before a machine has shown anything.
constexpr int first_width = 720, first_height = 400;
/// How long the serving thread waits for viewers before it looks for a new picture.
constexpr long patience_microseconds = 20'000;
constexpr std::size_t most_events = 1024;

constexpr u32 red_lowest(u32 pixel) { return (pixel >> 16 & 0xff) | (pixel & 0xff00) | (pixel & 0xff) << 16; }

} // namespace

struct VncDisplay::Server {
    Server() = default;
    ~Server() {
        rfbShutdownServer(screen, TRUE);
        rfbScreenCleanup(screen);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    rfbScreenInfo* screen = rfbGetScreen(nullptr, nullptr, first_width, first_height, 8, 3, 4);
};

struct VncDisplay::Hooks {
    static VncDisplay& owner(rfbClientPtr client) {
        return *static_cast<VncDisplay*>(client->screen->screenData);
    }
    static void key(rfbBool down, rfbKeySym keysym, rfbClientPtr client) {
        if (const u16 code = key_of_keysym(keysym)) owner(client).put(device::KeyEvent{code, down != 0});
    }
    static void pointer(int buttons, int x, int y, rfbClientPtr client) {
        owner(client).pointer_at(buttons, x, y);
    }
    /// It is told the size of the screen once, early, and so has to wait for a picture.
    static rfbNewClientAction came(rfbClientPtr client) {
        client->clientGoneHook = gone;
        ++owner(client).viewers_;
        owner(client).wake_();
        return RFB_CLIENT_ON_HOLD;
    }
    static void gone(rfbClientPtr client) { --owner(client).viewers_; }
};

Result<std::unique_ptr<VncDisplay>> VncDisplay::open(const VncOptions& options, std::function<void()> wake) {
    TRY(libvncserver.load("--display"));
    rfbLogEnable(FALSE);
    std::unique_ptr<VncDisplay> display(new VncDisplay(options, std::move(wake)));
    TRY(display->listen(options));
    display->thread_ =
        with_signals_blocked([&server = *display] { return std::thread([&server] { server.serve(); }); });
    return display;
}

Result<void> VncDisplay::listen(const VncOptions& options) {
    rfbScreenInfo* const screen = server_->screen;
    if (options.web_folder) {
        if (access((*options.web_folder + "/core/rfb.js").c_str(), R_OK) != 0)
            return user_error("--display web: {} does not hold noVNC ({}); install the package novnc",
                              *options.web_folder, reason(errno));
        web_.emplace(TRY(WebListener::open("--display web", options.address, options.port,
                                           *options.web_folder, "/vnc.html?autoconnect=true&resize=scale",
                                           [screen](int socket) { rfbNewClient(screen, socket); })));
        rfbInitServer(screen);
        return {};
    }
    if (inet_pton(AF_INET, options.address.c_str(), &screen->listenInterface) != 1)
        return user_error("--display vnc:{}: is no IPv4 address; give one such as 127.0.0.1",
                          options.address);
    errno = 0;
    rfbInitServer(screen);
    if (screen->listenSock < 0)
        return host_error("--display vnc:{}:{}: cannot listen there ({}); give another address or port",
                          options.address, options.port, reason(errno));
    return {};
}

VncDisplay::VncDisplay(const VncOptions& options, std::function<void()> wake)
    : wake_(std::move(wake)), password_(options.password), passwords_{password_.data(), nullptr},
      server_(std::make_unique<Server>()), shown_(std::size_t{first_width} * first_height) {
    rfbScreenInfo& screen = *server_->screen;
    screen.screenData = this;
    screen.desktopName = "Ringer";
    screen.frameBuffer = reinterpret_cast<char*>(shown_.data());
    screen.port = options.web_folder ? 0 : options.port;
    screen.ipv6port = -1;
    screen.alwaysShared = TRUE;
    screen.cursor = nullptr; // The guest draws its own.
    screen.kbdAddEvent = Hooks::key;
    screen.ptrAddEvent = Hooks::pointer;
    screen.newClientHook = Hooks::came;
    if (password_.empty()) return;
    screen.authPasswdData = static_cast<void*>(passwords_.data());
    screen.passwordCheck = rfbCheckPasswordByList;
}

VncDisplay::~VncDisplay() {
    ends_ = true;
    if (thread_.joinable()) thread_.join();
}

void VncDisplay::look(const display::Screen& screen) {
    const Nanoseconds now = monotonic_time();
    if (viewers_ == 0 || !look_times_.is_due(now)) return;
    auto picture = std::make_shared<const display::Picture>(screen.picture());
    look_times_.has_looked(now, !seen_ || *picture != *seen_);
    seen_ = picture;
    const std::scoped_lock lock(mutex_);
    newest_ = std::move(picture); // Also when it is the same: new viewers wait for one.
}

std::optional<Nanoseconds> VncDisplay::next_look() {
    return viewers_ == 0 ? std::nullopt : look_times_.next_if_overdue();
}

std::optional<device::InputEvent> VncDisplay::next_input() {
    if (viewers_ == 0) return std::nullopt;
    const std::scoped_lock lock(mutex_);
    if (events_.empty()) return std::nullopt;
    const device::InputEvent event = events_.front();
    events_.pop_front();
    look_times_.expect_news();
    return event;
}

void VncDisplay::serve() {
    while (!ends_) {
        std::shared_ptr<const display::Picture> picture;
        {
            const std::scoped_lock lock(mutex_);
            picture = std::exchange(newest_, nullptr);
        }
        if (picture) show(*picture);
        if (web_) web_->serve();
        rfbProcessEvents(server_->screen, patience_microseconds);
    }
}

/// Tells libvncserver of the lines that have changed, and lets in the viewers that have waited for them.
void VncDisplay::show(const display::Picture& picture) {
    const int width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
    if (width != server_->screen->width || height != server_->screen->height) {
        std::vector<u32> other(picture.pixels.size());
        rfbNewFramebuffer(server_->screen, reinterpret_cast<char*>(other.data()), width, height, 8, 3, 4);
        shown_ = std::move(other);
    }
    for (int line = 0; line < height; ++line) {
        const auto first = static_cast<std::ptrdiff_t>(line) * width;
        const auto pixel = picture.pixels.begin() + first;
        const auto place = shown_.begin() + first;
        const auto is_shown = [](u32 wanted, u32 present) { return red_lowest(wanted) == present; };
        if (std::equal(pixel, pixel + width, place, is_shown)) continue;
        std::transform(pixel, pixel + width, place, red_lowest);
        rfbMarkRectAsModified(server_->screen, 0, line, width, line + 1);
    }
    rfbClientIteratorPtr clients = rfbGetClientIterator(server_->screen);
    while (rfbClientPtr client = rfbClientIteratorNext(clients)) client->onHold = FALSE;
    rfbReleaseClientIterator(clients);
}

/// What nobody takes is lost.
void VncDisplay::put(const device::InputEvent& event) {
    {
        const std::scoped_lock lock(mutex_);
        if (events_.size() >= most_events) return;
        events_.push_back(event);
    }
    wake_();
}

/// Viewers tell a place and the mouse a movement, so that the guest's pointer follows theirs at a distance.
/// Of the wheel's turns they tell as buttons.
void VncDisplay::pointer_at(int buttons, int x, int y) {
    constexpr int left = 1, middle = 2, right = 4, wheel_up = 8, wheel_down = 16;
    using Button = device::PointerEvent::Button;
    const int pressed = buttons & ~wheel_buttons_;
    wheel_buttons_ = buttons & (wheel_up | wheel_down);
    put(device::PointerEvent{
        .dx = x - std::exchange(pointer_x_, x),
        .dy = y - std::exchange(pointer_y_, y),
        .dz = (pressed & wheel_down ? 1 : 0) - (pressed & wheel_up ? 1 : 0),
        .buttons =
            static_cast<u8>((buttons & left ? Button::left : 0) | (buttons & right ? Button::right : 0) |
                            (buttons & middle ? Button::middle : 0)),
    });
}

} // namespace ringer::host
