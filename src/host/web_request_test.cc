#include "host/web_request.h"

#include <gtest/gtest.h>

namespace ringer::host {
namespace {

TEST(WebRequest, IsRead) {
    const auto request =
        WebRequest::parse("GET /vnc.html?autoconnect=true HTTP/1.1\r\nhost: \t127.0.0.1:8006 \r\n"
                          "Accept: */*\r\n\r\n");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->method, "GET");
    EXPECT_EQ(request->path, "/vnc.html");
    EXPECT_EQ(request->host, "127.0.0.1:8006");
    EXPECT_EQ(request->origin, "");
    EXPECT_FALSE(request->becomes_websocket);
}

TEST(WebRequest, BecomesAWebSocket) {
    const auto request = WebRequest::parse(
        "GET /websockify HTTP/1.1\r\nUpgrade: WebSocket\r\nOrigin: http://localhost:8006\r\n"
        "Host: localhost:8006\r\n\r\n");
    ASSERT_TRUE(request);
    EXPECT_TRUE(request->becomes_websocket);
    EXPECT_TRUE(request->is_our_own());
}

TEST(WebRequest, IsRefusedWhenItIsNone) {
    for (const char* const head : {"", "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\n",
                                   "GET / HTTP/1.1\r\nno field\r\n\r\n", "GET index.html HTTP/1.1\r\n\r\n",
                                   "GET / HTTP/2\r\n\r\n", "RFB 003.008\n", "GET  HTTP/1.1\r\n\r\n"})
        EXPECT_FALSE(WebRequest::parse(head)) << head;
}

TEST(WebRequest, IsOursOnlyFromOurOwnPages) {
    const auto is_ours = [](std::string_view host, std::string_view origin) {
        WebRequest request;
        request.host = host;
        request.origin = origin;
        return request.is_our_own();
    };
    EXPECT_TRUE(is_ours("10.0.0.1", ""));
    EXPECT_TRUE(is_ours("LocalHost:1", "http://localhost:1"));
    EXPECT_FALSE(is_ours("", ""));
    EXPECT_FALSE(is_ours(":8006", ""));
    EXPECT_FALSE(is_ours("example.org", "http://example.org")) << "a name that leads here";
    EXPECT_FALSE(is_ours("127.0.0.1:8006", "http://127.0.0.1:8007")) << "another page of this host";
    EXPECT_FALSE(is_ours("127.0.0.1:8006", "https://127.0.0.1:8006"));
    EXPECT_FALSE(is_ours("127.0.0.1:8006", "null"));
}

TEST(WebFile, IsBelowTheFolder) {
    const auto file = WebFile::of_path("/core/input/keysym.js");
    ASSERT_TRUE(file);
    EXPECT_EQ(file->path, "core/input/keysym.js");
    EXPECT_EQ(file->media_type, "text/javascript; charset=utf-8");
    for (const char* const path :
         {"", "/", "core/rfb.js", "/../x.js", "/core/../../x.js", "/.git/x.js", "/core/.x.js", "/core",
          "/x.exe", "/%2e%2e/x.js", "/a b.js", "/x.js\\", "/..%2fx.js"})
        EXPECT_FALSE(WebFile::of_path(path)) << path;
}

} // namespace
} // namespace ringer::host
