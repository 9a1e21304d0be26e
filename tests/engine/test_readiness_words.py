"""Doubts about a mailing in words: the figures never say what the limit would allow."""

import pytest

from engine.readiness import Concern, Doubt
from engine.readiness_words import said_of


@pytest.mark.parametrize(
    ("concern", "said"),
    [
        (Concern(Doubt.FEW_VALID, 94.96, 95), "Only 94.96 % are valid; the policy asks for at least 95 %."),
        (Concern(Doubt.FEW_VALID, 94.2, 95), "Only 94.2 % are valid; the policy asks for at least 95 %."),
        (Concern(Doubt.FEW_VALID, 99.97, 100), "Only 99.97 % are valid; the policy asks for at least 100 %."),
        (Concern(Doubt.FEW_VALID, 0.0, 95), "None are valid; the policy asks for at least 95 %."),
        (
            Concern(Doubt.SMALL_UNKNOWN, 28.4, 20, 10),
            "Of addresses at domains with fewer than 10 of them, 28 % are unknown; the policy allows 20 %.",
        ),
        (
            Concern(Doubt.SMALL_UNKNOWN, 20.3, 20, 5),
            "Of addresses at domains with fewer than 5 of them, 20.3 % are unknown; the policy allows 20 %.",
        ),
        (
            Concern(Doubt.BOUNCES, 2.04, 2.0),
            "About 2.04 % are expected to bounce; the policy allows 2 %.",
        ),
        (Concern(Doubt.UNANSWERED, 1_000), "1,000 addresses have no answer yet."),
        (Concern(Doubt.UNANSWERED, 1), "1 address has no answer yet."),
        (Concern(Doubt.NOBODY, 0), "No address is left."),
    ],
)
def test_each_doubt_says_what_was_found_and_what_the_policy_allows(concern, said):
    assert said_of(concern) == said


def test_there_are_words_for_every_doubt():
    assert all(said_of(Concern(doubt, 1.0)) for doubt in Doubt)
