"""The screen and the keyboard in a browser: the page that Ringer serves, in Chromium."""

import base64
import pathlib
import unittest
import urllib.error
import urllib.request

import browser
import ringer
import test_display

HAS_NOVNC = pathlib.Path("/usr/share/novnc/core/rfb.js").exists()
CANVAS = "const canvas = document.querySelector('#noVNC_container canvas');"
# The picture's bytes, four a pixel, once there is more than one colour in it.
PICTURE = CANVAS + """
if (!canvas || !canvas.width) return null;
const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
if (!data.some((byte, i) => i % 4 != 3 && byte != data[i % 4])) return null;
let text = '';
for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
return [canvas.width, canvas.height, btoa(text)];
"""


def is_bright(pixel: bytes) -> bool:
    """Pictures may lose a little on the way to a browser."""
    return sum(pixel[:3]) > 200


@unittest.skipUnless(browser.is_installed() and HAS_NOVNC, "needs novnc, chromium and chromium-driver: tools/setup.sh browser")
class WebTestCase(test_display.DisplayFixture):
    def setUp(self):
        super().setUp()
        self.port = test_display.free_port()
        self.url = f"http://127.0.0.1:{self.port}/"

    def browse(self) -> browser.Browser:
        page = browser.Browser(str(self.folder))
        self.addCleanup(page.close)
        page.open(self.url)
        return page

    def test_the_text_of_the_screen_is_seen(self):
        machine = self.start(
            "--firmware", test_display.FIRMWARE, "--display", f"web:127.0.0.1:{self.port}",
            until=b"No bootable device.",
        )  # fmt: skip
        page = self.browse()
        expected = [is_bright(line[at : at + 3]) for line in self.screenshot(machine.pid) for at in range(0, len(line), 3)]
        self.assertGreater(sum(expected), 1000, "there is text")
        while True:
            _, _, data = page.wait_for(PICTURE)
            pixels = base64.b64decode(data)
            seen = [is_bright(pixels[at : at + 4]) for at in range(0, len(pixels), 4)]
            # Until the last of it has come; the cursor blinks.
            if len(seen) == len(expected) and sum(a != b for a, b in zip(seen, expected)) < 100:
                break

    def test_keys_arrive(self):
        kernel = test_display.tiny_kernel.make(self._testMethodName, test_display.DRAWS_AND_READS_A_KEY)
        machine = self.start("--kernel", kernel, "--display", f"web:127.0.0.1:{self.port}", until=b"k")
        page = self.browse()
        width, height, _ = page.wait_for(PICTURE)
        self.assertEqual((width, height), (640, 400))
        page.run(CANVAS + "canvas.focus();")
        page.press("a")
        self.assertEqual(machine.wait(), 0x1E << 1 | 1, "the code of the key A")

    def test_viewers_must_know_the_password(self):
        password = self.folder / "password"
        password.write_text("secret\n")
        kernel = test_display.tiny_kernel.make(self._testMethodName, test_display.DRAWS_AND_READS_A_KEY)
        self.start(
            "--kernel", kernel, "--display", f"web:127.0.0.1:{self.port},password-file={password}", until=b"k"
        )  # fmt: skip
        page = self.browse()
        self.assertIsNone(page.run(PICTURE))
        dialog = "document.querySelector('#noVNC_password_dlg, #noVNC_credentials_dlg')"
        page.wait_for(f"return {dialog}.classList.contains('noVNC_open');")
        page.run("document.getElementById('noVNC_password_input').value = 'secret';"
                 "document.querySelector('#noVNC_password_button, #noVNC_credentials_button').click();")  # fmt: skip
        page.wait_for(PICTURE)


class WebRequestTestCase(test_display.DisplayFixture):
    @unittest.skipUnless(HAS_NOVNC, "novnc is not installed")
    def test_pages_of_others_come_to_nothing(self):
        kernel = test_display.tiny_kernel.make(self._testMethodName, test_display.DRAWS_AND_READS_A_KEY)
        port = test_display.free_port()
        self.start("--kernel", kernel, "--display", f"web:127.0.0.1:{port}", until=b"k")

        def status(path: str, **fields: str) -> int:
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=fields)
            try:
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
                    return response.status
            except urllib.error.HTTPError as error:
                return error.code

        upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
        self.assertEqual(status("/"), 200)
        self.assertEqual(status("/core/rfb.js"), 200)
        self.assertEqual(status("/../../../etc/passwd"), 404)
        self.assertEqual(status("/core/"), 404)
        self.assertEqual(status("/", Host="ringer.example"), 403, "a name that may be anybody's")
        self.assertEqual(status("/websockify", Origin="http://ringer.example", **upgrade), 403)


if __name__ == "__main__":
    unittest.main()
