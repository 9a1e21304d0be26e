import pytest

from sandbox import Answering, Domain, Open, OwnHost, SharedHosts, Shut, Silent, Slammed, Tls, world_of
from sandbox.behaviour import (
    NEVER,
    AcceptAll,
    Blocked,
    ClosesAfter,
    DropsAfter,
    Greylisting,
    LimitsRecipients,
    Ordinary,
    RateLimited,
    RelayDenied,
    User,
)
from sandbox.names import NULL_MX, Alias, NoAnswer, NoRoute, Records
from sandbox.truth import NO_ROUTE, OF_USERS

USERS = {**{f"{user.value}1": user for user in User}, "info": User.EXISTING, "sales": User.MISSING}
UNREACHED = "timeout unreachable dropped budget"


def told(world, address):
    truth = world.truth(address)
    return truth.status, truth.reasons


def expect(status, reasons):
    return status, frozenset(reasons.split())


@pytest.mark.parametrize(
    "behaviour", [Ordinary(), Greylisting(2.0), ClosesAfter(1), DropsAfter(1), LimitsRecipients(1)]
)
@pytest.mark.parametrize("door", [Open(), Open(after_s=2), Open(lines=3), Open(at_once=1)])
@pytest.mark.parametrize(
    ("local_part", "status", "reason"),
    [
        ("existing1", "valid", "accepted"),
        ("missing1", "invalid", "mailbox_missing"),
        ("stranger", "invalid", "mailbox_missing"),
        ("disabled1", "invalid", "mailbox_disabled"),
        ("full1", "risky", "mailbox_full"),
        ("full_for_now1", "risky", "mailbox_full"),
        ("INFO", "risky", "role"),
        ("sales", "invalid", "mailbox_missing"),
        ("postmaster", "risky", "role"),
    ],
)
def test_where_an_answer_can_be_had_the_mailbox_decides(behaviour, door, local_part, status, reason):
    world = world_of([Domain("plum.sandbox", behaviour, USERS, OwnHost(door))])

    assert told(world, f"{local_part}@plum.sandbox") == expect(status, reason)


@pytest.mark.parametrize(
    ("behaviour", "status", "reasons"),
    [
        (AcceptAll(), "accept_all", "accept_all"),
        (Blocked(), "unknown", "blocked"),
        (RateLimited(), "unknown", "rate_limited temporary greylisted"),
        (RelayDenied(), "unknown", "relay_denied"),
        (Greylisting(NEVER), "unknown", "greylisted"),
    ],
)
@pytest.mark.parametrize("local_part", ["existing1", "missing1", "info"])
def test_some_behaviours_make_no_difference_between_mailboxes(behaviour, status, reasons, local_part):
    world = world_of([Domain("plum.sandbox", behaviour, USERS)])

    assert told(world, f"{local_part}@plum.sandbox") == expect(status, reasons)


@pytest.mark.parametrize("door", [Silent(), Shut(), Slammed(), Open(after_s=60)])
def test_a_host_that_nobody_gets_an_answer_from_leaves_all_unknown(door):
    world = world_of([Domain("plum.sandbox", users=USERS, delivery=OwnHost(door))])

    assert told(world, "existing1@plum.sandbox") == expect("unknown", UNREACHED)


@pytest.mark.parametrize(
    ("tls", "status", "reason"),
    [
        (Tls.OFFERED, "valid", "accepted"),
        (Tls.REQUIRED, "valid", "accepted"),
        (Tls.BROKEN, "valid", "accepted"),
        (Tls.BROKEN_REQUIRED, "unknown", "tls_required"),
    ],
)
def test_tls_matters_only_where_it_is_demanded_and_broken(tls, status, reason):
    world = world_of([Domain("plum.sandbox", users=USERS, delivery=OwnHost(Open(tls=tls)))])

    assert told(world, "existing1@plum.sandbox") == expect(status, reason)


def test_one_host_that_answers_is_enough():
    delivery = SharedHosts(("dead.sandbox", "mx1.sandbox"))
    shared = {"dead.sandbox": Shut(), "mx1.sandbox": Open()}
    world = world_of([Domain("plum.sandbox", users=USERS, delivery=delivery)], shared=shared)

    assert told(world, "existing1@plum.sandbox") == expect("valid", "accepted")


@pytest.mark.parametrize(
    ("node", "status", "reason"),
    [
        (NoAnswer.NXDOMAIN, "invalid", "no_such_domain"),
        (Alias("nowhere.sandbox"), "invalid", "no_such_domain"),
        (Records(mx=NULL_MX), "invalid", "null_mx"),
        (Records(txt=("parked",)), "invalid", "no_mail_host"),
        (Records(mx=((10, "mx.nowhere.sandbox"),)), "invalid", "no_mail_host"),
        (NoAnswer.SERVFAIL, "unknown", "dns_failed"),
        (NoAnswer.REFUSED, "unknown", "dns_failed"),
        (NoAnswer.SILENCE, "unknown", "dns_failed"),
    ],
)
def test_what_the_dns_says_of_a_domain_is_true_of_its_addresses(node, status, reason):
    world = world_of([Domain("sloe.sandbox", users=USERS, delivery=Answering(node))])

    assert told(world, "existing1@sloe.sandbox") == expect(status, reason)


def test_a_disposable_domain_with_a_live_route_is_risky():
    world = world_of([Domain("mailinator.com", AcceptAll(), USERS, is_disposable=True)])

    assert told(world, "existing1@mailinator.com") == expect("risky", "disposable")


def test_a_domain_that_the_world_has_never_heard_of_does_not_exist():
    assert told(world_of([]), "pear@nowhere.sandbox") == expect("invalid", "no_such_domain")


@pytest.mark.parametrize(
    "text", ["pear", "pear@", "@fig.sandbox", "a b@fig.sandbox", "a..b@fig.sandbox", "a@fig"]
)
def test_a_text_that_is_no_address_is_malformed(text):
    assert told(world_of([]), text) == expect("invalid", "malformed")


def test_an_empty_text_is_empty():
    assert told(world_of([]), " ") == expect("invalid", "empty malformed")


def test_an_idn_is_found_in_both_spellings():
    world = world_of([Domain("xn--bcher-kva.sandbox", users=USERS)])

    for name in ("bücher.sandbox", "BÜCHER.Sandbox", "xn--bcher-kva.sandbox"):
        assert told(world, f"existing1@{name}") == expect("valid", "accepted")


def test_the_tables_cover_their_enums():
    assert set(OF_USERS) == set(User)
    assert set(NO_ROUTE) == set(NoRoute)
