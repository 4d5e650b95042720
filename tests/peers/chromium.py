"""Debian's Chromium, headless, driven by Playwright; it reaches 127.0.0.1 and localhost only.

Playwright's synchronous API keeps an event loop marked as running in the thread that started it, which makes
`asyncio.run` and Django's ORM refuse to work there, long after the page is closed. So the mark is set while a page is
open and taken away in between.
"""

import asyncio
import contextlib
import os
from collections.abc import Generator

from playwright import sync_api

from . import inventory, processes

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What a page fetches from elsewhere fails at once, as it would for a reader behind a firewall.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
#: Django refuses its ORM in a thread with a running event loop unless this variable is set.
DJANGO_SWITCH = "DJANGO_ALLOW_ASYNC_UNSAFE"


class Chromium:
    """A running browser; `page` opens a page of its own profile."""

    def __init__(self, browser: sync_api.Browser, loop: asyncio.AbstractEventLoop) -> None:
        """Take over a browser that Playwright launched under `loop`."""
        self.browser = browser
        self._loop = loop
        self._console: list[str] = []

    @contextlib.contextmanager
    def page(self, *, width: int = 1280, height: int = 900, locale: str = "en-GB") -> Generator[sync_api.Page]:
        """Open an empty page without cookies or cache, `width` by `height` CSS pixels, and close it at the end."""
        self._console.clear()
        with self._awake():
            context = self.browser.new_context(viewport={"width": width, "height": height}, locale=locale)
            try:
                page = context.new_page()
                page.on("console", self._note_message)
                page.on("pageerror", self._note_error)
                yield page
            finally:
                context.close()

    def console(self) -> list[str]:
        """Give what the last page wrote to the console, and its errors."""
        return list(self._console)

    def log_tail(self) -> str:
        """Give the last lines of the last page's console."""
        return "\n".join(self._console[-processes.TAIL_LINES :])

    def close(self) -> None:
        """End the browser."""
        with self._awake():
            self.browser.close()

    def _note_message(self, message: sync_api.ConsoleMessage) -> None:
        self._console.append(f"{message.type}: {message.text}")

    def _note_error(self, error: sync_api.Error) -> None:
        self._console.append(f"uncaught: {error}")

    @contextlib.contextmanager
    def _awake(self) -> Generator[None]:
        before = os.environ.get(DJANGO_SWITCH)
        os.environ[DJANGO_SWITCH] = "1"
        asyncio._set_running_loop(self._loop)
        try:
            yield
        finally:
            asyncio._set_running_loop(None)
            if before is None:
                del os.environ[DJANGO_SWITCH]
            else:
                os.environ[DJANGO_SWITCH] = before


@contextlib.contextmanager
def start() -> Generator[Chromium]:
    """Run a headless browser."""
    playwright = sync_api.sync_playwright().start()
    loop = asyncio.get_running_loop()
    try:
        launched = playwright.chromium.launch(executable_path=inventory.CHROMIUM, args=list(FLAGS), headless=True)
        asyncio._set_running_loop(None)
        chromium = Chromium(launched, loop)
        try:
            yield chromium
        finally:
            chromium.close()
    finally:
        asyncio._set_running_loop(loop)
        playwright.stop()
        asyncio._set_running_loop(None)
