"""How a list tells that it is done."""

import pytest

from engine.verdict import Status
from pages.parts.telling import _telling, title_of
from storage.summaries import Standing
from storage.uploads import UploadState


def _standing(state, settled=2, name="fruits.csv"):
    statuses = dict.fromkeys(Status, 0) | {Status.VALID: settled}
    return Standing(7, name, "", state, 3, 3, settled, 0.0, 0.0, None, statuses)


@pytest.mark.parametrize(
    ("state", "settled", "title"),
    [
        (UploadState.RUNNING, 2, "66 % · Results · Winnow"),
        (UploadState.RUNNING, 3, "99 % · Results · Winnow"),
        (UploadState.DONE, 3, "Done · Results · Winnow"),
        (UploadState.PAUSED, 2, "Results · Winnow"),
        (UploadState.CANCELLED, 3, "Results · Winnow"),
    ],
)
def test_the_title_tells_how_far_a_list_is(state, settled, title):
    assert title_of(_standing(state, settled)) == title


def test_a_list_cannot_break_out_of_what_is_told_of_it_by_its_name():
    told = _telling(_standing(UploadState.DONE, name="</span><script>alert(\"'1'\")</script>.csv"))
    assert told.count("<script>") == 1
    assert "&lt;/span&gt;&lt;script&gt;alert(\\&quot;&#x27;1&#x27;\\&quot;)" in told


def test_what_is_offered_fits_where_the_list_stands(runtime, save, show):
    upload = save("plum@orchard.sandbox", is_started=True)
    assert any("Tell me when it is done" in each.value for each in _html(show("RESULTS")))
    runtime.cancel_upload(upload)
    said = _html(show("RESULTS"))
    assert not any("Tell me when it is done" in each.value for each in said)
    assert any("Done: customers.csv" in each.value for each in said)


def _html(page):
    return [node for node in page._tree if node.type == "html"]
