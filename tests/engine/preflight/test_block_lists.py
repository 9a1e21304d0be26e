import asyncio

import pytest

from engine.block_list import BlockList
from engine.lookup import Records
from engine.preflight.block_lists import Standing, say_block_lists, standing_at
from engine.preflight.identity import reverse_name
from engine.preflight.line import Light

HEAVY = BlockList("Heavy", page="https://heavy.example/why", zone="bl.heavy.example", is_heavy=True)
LIGHT = BlockList("Light", page="https://light.example/why", zone="bl.light.example")
PAGELESS = BlockList("Pageless", zone="bl.heavy.example")
OURS, SIX = "203.0.113.5", "2001:db8::5"
LISTED, REFUSED = ("127.0.0.2",), ("127.255.255.254",)


def lists(**entries):
    """A DNS in which lists answer: by zone (dots as underscores), the addresses that are listed there."""
    known = {
        f"{reverse_name(ip).rsplit('.', 2)[0]}.{zone.replace('_', '.')}": codes
        for zone, listed in entries.items()
        for ip, codes in listed.items()
    }

    async def ask(name, kind):
        assert kind == "A"
        return Records(known[name]) if name in known else Records(is_name_known=False)

    return ask


TEST_ENTRY = {"127.0.0.2": LISTED}


def standing(block_list, ask, address=OURS):
    return asyncio.run(standing_at(block_list, address, ask))


def test_a_list_that_knows_its_test_entry_and_not_us_leaves_us_clean():
    assert standing(HEAVY, lists(bl_heavy_example=TEST_ENTRY)) is Standing.CLEAN


@pytest.mark.parametrize("address", [OURS, SIX])
def test_an_address_of_either_family_is_found_listed(address):
    ask = lists(bl_heavy_example=TEST_ENTRY | {address: LISTED})
    assert standing(HEAVY, ask, address) is Standing.LISTED


def test_a_list_that_refuses_the_resolver_is_deaf_and_not_a_listing():
    ask = lists(bl_heavy_example={"127.0.0.2": REFUSED, OURS: REFUSED, "127.0.0.1": REFUSED})
    assert standing(HEAVY, ask) is Standing.DEAF


def test_a_list_that_names_every_address_is_deaf():
    ask = lists(bl_heavy_example={"127.0.0.2": LISTED, OURS: LISTED, "127.0.0.1": LISTED})
    assert standing(HEAVY, ask) is Standing.DEAF


def test_a_list_that_does_not_answer_is_deaf():
    assert standing(HEAVY, lists()) is Standing.DEAF


@pytest.mark.parametrize(
    ("entries", "light", "words"),
    [
        ({"bl_heavy_example": TEST_ENTRY, "bl_light_example": TEST_ENTRY}, Light.GREEN, "none of 2"),
        ({"bl_heavy_example": TEST_ENTRY | {OURS: LISTED}}, Light.RED, "listed at Heavy"),
        ({"bl_light_example": TEST_ENTRY | {OURS: LISTED}}, Light.AMBER, "listed at Light"),
        ({"bl_heavy_example": TEST_ENTRY}, Light.AMBER, "do not answer this resolver (Light)"),
    ],
)
def test_the_line_says_where_we_are_listed_and_who_did_not_answer(entries, light, words):
    line = asyncio.run(say_block_lists(OURS, (HEAVY, LIGHT), lists(**entries)))
    assert line.light is light
    assert words in line.finding


def test_a_listing_names_the_page_that_says_why():
    ask = lists(bl_heavy_example=TEST_ENTRY | {OURS: LISTED})
    assert HEAVY.page in asyncio.run(say_block_lists(OURS, (HEAVY,), ask)).advice


def test_a_list_without_a_page_is_named_instead():
    ask = lists(bl_heavy_example=TEST_ENTRY | {OURS: LISTED})
    assert asyncio.run(say_block_lists(OURS, (PAGELESS,), ask)).advice.endswith(": Pageless")
