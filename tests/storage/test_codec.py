"""Engine values as text, and back."""

import pytest

from engine.address import Address
from engine.batch import DomainFacts, Recipient
from engine.exchange import MailHost, MailHosts
from engine.policy import DEFAULT_POLICY, Policy, Weight
from engine.reply import Reply, Stage
from engine.snapshot import Snapshot
from engine.survey import Survey
from engine.traits import traits_of
from engine.verdict import AcceptAll, Evidence, TraceLine
from storage import codec

ADDRESS = Address("fig", "mill.com")
ROUTE = MailHosts((MailHost("mx.mill.com", 10, ("127.0.0.1",)),))
FULL = Reply(552, "5.2.2 full", Stage.RCPT)
PAIRS = {
    "evidence": (
        codec.dump_evidence,
        codec.load_evidence,
        Evidence(ADDRESS, traits_of(ADDRESS), route=ROUTE, rcpt=FULL, accept_all=AcceptAll.NO),
    ),
    "facts": (codec.dump_facts, codec.load_facts, DomainFacts("mill.com", ROUTE, "key", "other", 12.5)),
    "recipient": (codec.dump_recipient, codec.load_recipient, Recipient(7, ADDRESS, 2, FULL)),
    "policy": (codec.dump_policy, codec.load_policy, Policy(role=Weight.KEPT, trusted_domains=("mill.com",))),
    "survey": (codec.dump_survey, codec.load_survey, Survey("mill.com", 12.5, is_parked=True)),
    "snapshot": (codec.dump_snapshot, codec.load_snapshot, Snapshot()),
}


@pytest.mark.parametrize("kind", PAIRS)
def test_what_is_written_is_read_back_the_same(kind):
    dump, load, known = PAIRS[kind]
    assert load(dump(known)) == known


def test_the_usual_policy_is_an_empty_text_so_that_equal_ones_are_equal_texts():
    assert codec.dump_policy(DEFAULT_POLICY) == "{}"
    assert codec.load_policy("{}") == DEFAULT_POLICY


def test_facts_are_read_back_the_same_after_many_others_were(monkeypatch):
    monkeypatch.setattr(codec, "FACTS_REMEMBERED", 2)
    known = [DomainFacts(f"mill{number}.com") for number in range(5)]
    texts = [codec.dump_facts(each) for each in known]
    assert [codec.load_facts(text) for text in texts] == known


@pytest.mark.parametrize(("number", "kept"), [(0, 0), (40, 40), (41, 40), (100, 40)])
def test_of_a_long_trace_its_first_and_last_lines_are_kept(number, kept):
    lines = tuple(TraceLine("us", str(each), each) for each in range(number))
    read = codec.load_trace(codec.dump_trace(lines))
    assert len(read) == kept
    assert read == (lines if number == kept else (*lines[:20], *lines[-20:]))


def test_no_trace_is_none():
    assert codec.load_trace(None) == ()


@pytest.mark.parametrize(
    "said",
    ["550 5.7.1 refused {}", "421 {} try again later", "450 greylisted ({})"],
)
def test_words_that_differ_only_in_what_names_a_session_are_the_same_without_it(said):
    one, other = (
        said.format(name) for name in ("ffacd0b85a97d-4eb1cde2a13si1", "b1ef00d85a97d-9ab1cde2a45si7")
    )
    assert one != other
    assert codec.without_session(one) == codec.without_session(other)


@pytest.mark.parametrize("said", ["550 5.1.1 no such mailbox here", "450 4.2.0 try in 300 seconds"])
def test_other_words_stay_as_they_are(said):
    assert codec.without_session(said) == said


def test_a_domain_stays_in_the_shape_of_evidence_only_where_the_policy_names_it():
    known = codec.dump_evidence(PAIRS["evidence"][2])
    assert "mill.com" not in codec.shape_of(known)
    assert "mill.com" in codec.shape_of(known, Policy(trusted_domains=("mill.com",)))
