from pathlib import Path

import pytest

from engine.name_lists import house_words, read_lists
from engine.role import is_role_name

HOUSE = read_lists(None)
NAMES = Path(__file__).parents[2] / "bench" / "names.txt"
PATTERNS = [
    "{first}", "{last}", "{first}.{last}", "{first}_{last}", "{first}-{last}", "{first}{last}", "{f}{last}",
    "{f}.{last}", "{last}.{first}", "{first}.{l}", "{first}{last}77", "{first}.{last}3",
]  # fmt: skip
BOTH = {"dev", "pastor", "post"}
"""Words that are a name and an office's usual address alike; the office is the likelier."""


def is_role(local_part, *, is_free=False, lists=HOUSE):
    return is_role_name(local_part, lists, is_free=is_free)


def people():
    """First names and surnames of thirty languages, each first name with each surname of its language."""
    for line in NAMES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            firsts, lasts = line.partition(":")[2].split("|")
            yield from ((first, last) for first in firsts.split() for last in lasts.split())


@pytest.mark.parametrize(
    "local_part",
    ["info", "INFO", "no-reply", "no.reply", "customer_service", "sales+fairs", "hr", "buchhaltung", "büro",
     "atencionalcliente", "service-client", "ufficio.stampa", "klantenservice", "ksiegowosc", "postmaster",
     "ugyfelszolgalat", "racunovodstvo", "kirjaamo", "muhasebe", "tuyendung", "e-mail", "отдел", "採用",
     "noreply-4711", "orders-noreply", "bounces-77-anna=plum", "unsubscribe_1"],
)  # fmt: skip
def test_a_function_s_mailbox_is_a_role(local_part):
    assert is_role(local_part)
    assert is_role(local_part, is_free=True)


@pytest.mark.parametrize(
    "local_part",
    ["quince", "informant", "quince.sales", "h.r", "i.t", "plum+info", "saleslady", "sale.s", "bill", "dean",
     "art", "grant", "charity", "guy", "max", "north", "law", "king", "hr2", "", "+info", "..."],
)  # fmt: skip
def test_a_person_s_mailbox_is_no_role(local_part):
    assert not is_role(local_part)


@pytest.mark.parametrize(
    "local_part", ["info2", "sales-uk", "uk.sales", "office.berlin", "sales.team.de", "jobs2026"]
)
def test_a_number_or_a_place_may_stand_beside_a_role_at_a_company(local_part):
    assert is_role(local_part)
    assert not is_role(local_part, is_free=True), "at a free provider people call themselves so"


def test_no_usual_name_of_a_person_in_any_usual_pattern_is_a_role():
    written = {
        pattern.format(first=first, last=last, f=first[0], l=last[0])
        for first, last in people()
        for pattern in PATTERNS
    }
    assert len({name for pair in people() for name in pair}) > 500
    assert len(written) > 25_000
    assert {name for name in written if is_role(name)} <= BOTH


def test_every_role_is_found_as_it_is_listed():
    roles = house_words("roles.txt")
    assert len(roles) > 1_000
    assert [word for word in roles if not is_role(word.strip("*"))] == []


def test_role_names_are_written_without_separators_and_none_is_a_single_letter():
    assert [word for word in house_words("roles.txt") if len(word) < 2 or set(word) & set("._- @+")] == []


def test_the_user_s_words_count(tmp_path):
    tmp_path.joinpath("roles.txt").write_text("Plum Picker\nplum-tree*\n-info\n")
    lists = read_lists(tmp_path)
    assert is_role("plumtree-7", lists=lists)
    assert not is_role("info", lists=lists)
