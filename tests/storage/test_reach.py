"""How far lines of the never-probe list reach, and whom one of them alone holds back."""

import pytest

from engine.batch import Outcome
from engine.disposition import settle_withheld
from engine.intake.correction import Correction
from engine.never_probed import parse_listed
from engine.policy import Policy
from engine.retry import Terms
from storage.never_probed import Origin, find_lines
from storage.policies import NamedPolicy
from storage.reach import Reach, held_by, reach_of
from storage.runs import delete_upload
from storage.withholding import never_probe


def _never(desk, *names, source=""):
    never_probe(desk.database, [parse_listed(name) for name in names], Origin(source=source))


def _reach(desk, *names):
    return reach_of(desk.database, [parse_listed(name) for name in names])


def _held(desk, name, source=""):
    lines = find_lines(desk.database)
    (line,) = (each for each in lines if each.listed == parse_listed(name) and each.origin.source == source)
    return held_by(desk.database, line)


def test_addresses_are_counted_by_list_as_often_as_they_stand_there(desk):
    first = desk.save("fig@mill.com", "FIG@mill.com", "plum@mill.com")
    second = desk.save("n,email", "1,fig@mill.com")
    assert _reach(desk, "fig@mill.com", "nobody@mill.com") == Reach({first: 2, second: 1}, {})


def test_a_domain_reaches_its_subdomains_and_no_name_that_only_ends_alike(desk):
    upload = desk.save("fig@mill.com", "fig@a.b.mill.com", "fig@windmill.com")
    assert _reach(desk, "mill.com").named == {upload: 2}
    many = [f"orchard{n}.com" for n in range(60)]
    assert _reach(desk, "mill.com", *many).named == {upload: 2}


def test_nobody_is_counted_twice_whom_several_lines_name(desk):
    upload = desk.begin("fig@mill.com", "plum@quay.com")
    assert _reach(desk, "mill.com", "fig@mill.com", "mx:mx.mill.com", "mx:quay.com") == Reach(
        {upload: 1}, {upload: 1}
    )


def test_mail_hosts_reach_every_domain_with_a_host_under_their_name(desk):
    upload = desk.begin("fig@mill.com", "plum@quay.com", "pear@windmill.com")
    assert _reach(desk, "mx:mill.com").hosts == {upload: 1}
    assert _reach(desk, "mx:com").hosts == {upload: 3}


def test_a_deleted_list_is_not_counted(desk):
    upload = desk.save("fig@mill.com")
    delete_upload(desk.database, upload, desk.settings)
    assert _reach(desk, "mill.com", "mx:mill.com") == Reach({}, {})


@pytest.mark.parametrize("line", ["mill.com", "fig@mill.com"])
def test_who_was_held_back_can_be_asked_once_the_line_is_gone(desk, line):
    upload = desk.begin("fig@mill.com", "plum@quay.com", "FIG@mill.com")
    _never(desk, line)
    assert _held(desk, line) == {upload: 2}


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("mill.com", "fig@mill.com"),
        ("fig@mill.com", "mill.com"),
        ("a.mill.com", "mill.com"),
        ("fig@mill.com", "mx:mx.mill.com"),
    ],
)
def test_whom_another_line_holds_too_stays_held_back(desk, line, other):
    desk.begin("fig@mill.com", "fig@a.mill.com")
    _never(desk, line, other)
    held = _held(desk, line)
    assert sum(held.values()) == (1 if line == "mill.com" else 0)


def test_a_line_that_two_lists_of_the_users_name_holds_nobody_alone(desk):
    desk.begin("fig@mill.com")
    _never(desk, "mill.com")
    _never(desk, "mill.com", source="Partners")
    assert _held(desk, "mill.com") == _held(desk, "mill.com", source="Partners") == {}


def test_whom_the_clients_policy_holds_back_stays_so(desk):
    _never(desk, "mill.com")
    desk.begin("fig@mill.com", policy=NamedPolicy("Orchard", Policy(never_probed_domains=("mill.com",))))
    assert _held(desk, "mill.com") == {}


def test_who_has_an_answer_is_not_held_back(desk):
    desk.begin("fig@mill.com")
    desk.finish()
    _never(desk, "mill.com")
    assert _held(desk, "mill.com") == {}


def _withhold(desk) -> None:
    """Settle what is due as the engine does where no connection may be made."""
    outcomes: list[Outcome] = []
    for batch in desk.claim():
        assert batch.withheld
        outcomes.append(settle_withheld(batch, batch.withheld, Terms(desk.settings, desk.clock())))
    desk.settle(*outcomes)


def test_a_mail_hosts_line_holds_those_back_that_no_other_does(desk):
    _never(desk, "mx:mx.mill.com")
    upload = desk.begin("fig@mill.com", "plum@mill.com")
    _withhold(desk)
    assert _held(desk, "mx:mx.mill.com") == {upload: 2}
    _never(desk, "plum@mill.com")
    assert _held(desk, "mx:mx.mill.com") == {upload: 1}
    _never(desk, "mx:mill.com")
    assert _held(desk, "mx:mx.mill.com") == {}


@pytest.mark.parametrize("line", ["gmial.com", "plum@gmial.com"])
def test_who_was_corrected_is_reached_as_written_too(desk, line):
    slips = (Correction("gmial.com", "gmail.com"),)
    upload = desk.save("email", "Plum <plum@gmial.com>", "fig@mill.com", corrections=slips)
    assert _reach(desk, line) == Reach({upload: 1}, {})
    assert _reach(desk, line, "gmail.com") == Reach({upload: 1}, {}), "nobody is counted twice"
    assert _reach(desk, "quay.com", "mx:gmial.com") == Reach({}, {})
    delete_upload(desk.database, upload, desk.settings)
    assert _reach(desk, line) == Reach({}, {})


SLIPS = (Correction("gmial.com", "gmail.com"),)


@pytest.mark.parametrize("line", ["gmial.com", "plum@gmial.com", "gmail.com"])
def test_who_was_corrected_is_held_back_as_written_and_as_asked(desk, line):
    upload = desk.begin("plum@gmial.com", "plum@gmail.com", "fig@mill.com", corrections=SLIPS)
    _never(desk, line)
    assert desk.value("SELECT count(*) FROM entry WHERE reason = 'never_probed'") == 2
    assert _held(desk, line) == {upload: 2}


@pytest.mark.parametrize("other", ["gmail.com", "plum@gmail.com", "plum@gmial.com", "mx:mx.gmail.com"])
def test_who_was_corrected_and_is_held_by_another_line_too_stays_held_back(desk, other):
    desk.begin("plum@gmial.com", corrections=SLIPS)
    _never(desk, "gmial.com", other)
    assert _held(desk, "gmial.com") == _held(desk, other) == {}
