"""In how many sessions domains are asked that lie behind the same MX hosts."""

import pytest

from engine.ahead import Kind, Stretch
from engine.name_lists import use_lists
from engine.provider import provider_named
from engine.sharing import Crowd, domains_together, sessions_of, stretch_of


@pytest.mark.parametrize(
    ("visits", "rcpts", "portion", "sessions"),
    [
        (1, 2, 20, 1),
        (60, 120, 20, 10),  # as many domains as share a session
        (60, 600, 20, 30),  # as many RCPTs as it holds
        (3, 61, 20, 3),  # whose decoy is asked beyond the portion has no session more for it
        (60, 60, 1, 60),
        (0, 0, 20, 0),
    ],
)
def test_a_session_is_full_of_domains_or_of_rcpts(visits, rcpts, portion, sessions):
    assert sessions_of(visits, rcpts, portion, 6) == sessions


def test_a_provider_whose_sessions_may_not_be_shared_has_one_for_each_domain(tmp_path):
    assert 1 < domains_together("google") <= provider_named("google").domains_per_session
    own = '[[provider]]\nname = "google"\ndisplay = "Google"\ndomains_per_session = 1\n'
    tmp_path.joinpath("providers.toml").write_text(own, "utf-8")
    try:
        use_lists(tmp_path)
        assert domains_together("google") == 1
    finally:
        use_lists(None)


def test_crowds_are_summed_to_a_stretch_with_the_turns_of_its_sessions():
    crowds = [Crowd("", 60, 60, 10, 5, 6, 6, 1), Crowd("", 3, 3, 3)]
    assert stretch_of(Kind.NUMBER, "", crowds) == Stretch(Kind.NUMBER, "", 63, 13, 6, 1, 50, 5, 5)
