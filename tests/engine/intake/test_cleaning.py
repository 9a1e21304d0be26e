"""What reading took away from around an address."""

import pytest

from engine.address import Address
from engine.intake.cell import read_whole
from engine.intake.cleaning import Cleaning, cleaning_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("fig@orchard.com", None),
        ("FIG@Orchard.Com", None),
        ("fig@müller.de", None),
        ("_fig@orchard.com", None),
        (" fig@orchard.com", Cleaning.SPACES),
        ("fig @orchard.com", Cleaning.SPACES),
        ("fig@orchard.com\u200b", Cleaning.SPACES),
        ("mailto:fig@orchard.com", Cleaning.MAILTO),
        ("mailto:fig@bücher.sandbox", Cleaning.MAILTO),
        ("fig@bücher.sandbox", None),
        (" <mailto:fig@orchard.com>", Cleaning.MAILTO),
        ("Fig Tree <fig@orchard.com>", Cleaning.BRACKETS),
        ('"fig@orchard.com"', Cleaning.SIGNS),
        ("fig@orchard.com,", Cleaning.SIGNS),
        ("E-mail: fig@orchard.com", Cleaning.SIGNS),
    ],
)
def test_what_stood_around_an_address_is_named(text, kind):
    address = read_whole(text)
    assert isinstance(address, Address)
    assert cleaning_of(text, address) is kind


def test_every_kind_of_cleaning_can_be_named():
    texts = ("mailto:fig@x.com", "<fig@x.com>", " fig@x.com", "(fig@x.com)")
    assert {cleaning_of(text, Address("fig", "x.com")) for text in texts} == set(Cleaning)
