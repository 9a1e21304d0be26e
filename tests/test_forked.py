"""What the tests load beforehand."""

from importlib.util import find_spec

import pytest

from tests.forked import LOADED


@pytest.mark.parametrize("name", LOADED)
def test_what_is_to_be_loaded_beforehand_is_there(name):
    assert find_spec(name), "the fork server leaves out silently what it cannot import"
