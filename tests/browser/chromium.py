"""Which Chromium the tests look through: one without a window draws a page for half the work."""

import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
OPTIONS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
