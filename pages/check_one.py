"""Check one: a single address asked about before all others, and followed while it is."""

from pages.parts.frame import enter
from pages.parts.one import show_check
from pages.parts.one_form import check_form
from pages.parts.one_recent import opened_check, recent_checks

runtime = enter("Check one")
check_form(runtime)
upload = opened_check(runtime)
if upload is not None:
    show_check(runtime, upload)
recent_checks(runtime, upload)
