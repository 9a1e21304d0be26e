import random
from collections import Counter

import pytest

from sandbox import build_world
from sandbox.names import Records
from sandbox.published import INCLUDED, SPF_RECORDS, Published, draw_published


@pytest.fixture(scope="module")
def world():
    return build_world(1, 3000)


def published_by(world, label):
    """The texts that the world's domains publish below their names."""
    names = (f"{label}.{name}".lstrip(".") for name in world.domains)
    return [text for name in names if isinstance(node := world.zone.get(name), Records) for text in node.txt]


def test_a_world_publishes_records_of_all_kinds(world):
    spf, dmarc = published_by(world, ""), published_by(world, "_dmarc")

    assert {"-all", "~all", "?all", "+all"} <= {text.split(" ")[-1] for text in spf}
    assert any("ipv4:" in text for text in spf), "a broken one"
    assert {"none", "quarantine", "reject", "rejected"} <= {
        text.partition("p=")[2].partition(";")[0] for text in dmarc
    }
    assert all(published_by(world, label) for label in ("_mta-sts", "_smtp._tls", "default._bimi"))


def test_some_domains_have_two_spf_records_and_some_none(world):
    counted = Counter(
        sum(text.startswith("v=spf1") for text in node.txt)
        for name in world.domains
        if isinstance(node := world.zone[name], Records)
    )

    assert {0, 1, 2} <= set(counted)
    assert counted[2] < counted[0] < counted[1]


def test_what_the_records_refer_to_is_there(world):
    texts = [text for text, _ in SPF_RECORDS]
    targets = {term.partition(":")[2] for text in texts for term in text.split() if "include:" in term}

    assert targets - set(world.zone) == {"_spf.gone.sandbox"}
    assert set(INCLUDED) <= set(world.zone)


def test_domains_at_a_large_provider_name_its_hosts(world):
    microsoft = [domain for domain in world.domains.values() if domain.kind == "microsoft"]

    assert microsoft
    assert all("spf.protection.outlook.com" in domain.spf for domain in microsoft)


def test_domains_without_mail_let_nobody_send(world):
    for domain in world.domains.values():
        if domain.kind in {"null_mx", "no_mail_host"}:
            assert world.zone[domain.name].txt == ("v=spf1 -all",)


def test_the_same_draw_gives_the_same_records():
    drawn = [draw_published("plain", random.Random(seed)) for seed in (1, 1, 2, 3)]

    assert isinstance(drawn[0], Published)
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 1
