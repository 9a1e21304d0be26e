"""What the download route says where it has nothing to give: a page in plain words, on its own."""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} · Winnow</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.05rem/1.55 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem }}
h1 {{ font-size: 1.5rem; margin: 0 0 .5rem }}
a {{ color: inherit; font-weight: 600 }}
</style></head>
<body><main><h1>{title}</h1><p>{said}</p><p><a href="/export">Back to Export</a></p></main></body></html>
"""

NO_TICKET = _PAGE.format(
    title="This link no longer works",
    said="A download link works once, and for one minute. That keeps your list safe if it is passed on. "
    "Go back to the page and click Download again: it has a new link for you.",
)
"""Said where a ticket was used, is too old, or is none of ours."""

FILE_GONE = _PAGE.format(
    title="This file is no longer here",
    said="A prepared file is removed once it was downloaded, or after an hour. "
    "Go back to the page and prepare it again; your list and its results are still there.",
)
"""Said where a ticket is good, but its file was removed."""
