"""Widgets that begin anew under another key."""

import pytest

from pages.parts.turns import begin_anew, keyed, turn_of

pytestmark = pytest.mark.usefixtures("session")


def test_a_widget_keeps_its_key_until_it_begins_anew():
    first = keyed("orchard")
    assert keyed("orchard") == first
    begin_anew("orchard")
    assert keyed("orchard") != first
    assert turn_of("orchard") == 1


def test_widgets_of_another_name_stay_as_they_are():
    before = keyed("mill")
    begin_anew("orchard")
    assert keyed("mill") == before
