import pytest

from sandbox import Domain
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
    TakesShape,
    TurnsAgainst,
    User,
)

USERS = {f"{user.value}1": user for user in User}


@pytest.mark.parametrize(
    ("local_part", "start"),
    [
        ("existing1", "250 2.1.5"),
        ("EXISTING1", "250 2.1.5"),
        ("missing1", "550 5.1.1"),
        ("stranger", "550 5.1.1"),
        ("disabled1", "550 5.2.1"),
        ("full1", "552 5.2.2"),
        ("full_for_now1", "452 4.2.2"),
        ("postmaster", "250 2.1.5"),
        ("PostMaster", "250 2.1.5"),
    ],
)
def test_an_ordinary_domain_answers_each_mailbox_by_how_it_stands(serve, rcpt, local_part, start):
    sandbox = serve(Domain("plum.sandbox", users=USERS))

    assert rcpt(sandbox, f"{local_part}@plum.sandbox").startswith(start)


def test_a_domain_may_have_its_own_words_for_a_missing_mailbox(serve, rcpt):
    refusal = "550 5.4.1 Recipient address rejected: Access denied"
    sandbox = serve(Domain("plum.sandbox", Ordinary(refusal), USERS))

    assert rcpt(sandbox, "missing1@plum.sandbox") == refusal
    assert rcpt(sandbox, "existing1@plum.sandbox").startswith("250")


def test_an_accept_all_domain_takes_whoever_is_asked_for_but_full_and_disabled_mailboxes(serve, rcpt):
    sandbox = serve(Domain("fig.sandbox", AcceptAll(), USERS))

    taken = [rcpt(sandbox, f"{name}@fig.sandbox")[:3] for name in ("existing1", "missing1", "stranger")]

    assert taken == ["250", "250", "250"]
    assert rcpt(sandbox, "full1@fig.sandbox").startswith("552")
    assert rcpt(sandbox, "disabled1@fig.sandbox").startswith("550 5.2.1")


def test_greylisting_lets_in_who_comes_back_and_tells_strangers_the_truth(serve, rcpt, eventually):
    sandbox = serve(Domain("sloe.sandbox", Greylisting(0.05), USERS))
    asked = ("existing1", "missing1", "stranger", "full1", "postmaster")

    first = [rcpt(sandbox, f"{name}@sloe.sandbox")[:9] for name in asked]
    eventually(lambda: not rcpt(sandbox, "postmaster@sloe.sandbox").startswith("451"))
    then = [rcpt(sandbox, f"{name}@sloe.sandbox")[:9] for name in asked]

    assert first == ["451 4.7.1"] * 5
    assert then == ["250 2.1.5", "550 5.1.1", "550 5.1.1", "552 5.2.2", "250 2.1.5"]


def test_greylisting_puts_off_at_first_even_without_delay(serve, rcpt):
    sandbox = serve(Domain("sloe.sandbox", Greylisting(0), USERS))

    assert rcpt(sandbox, "existing1@sloe.sandbox").startswith("451")
    assert rcpt(sandbox, "existing1@sloe.sandbox").startswith("250")


def test_greylisting_counts_each_sender_and_recipient_for_itself(serve, call):
    sandbox = serve(Domain("sloe.sandbox", Greylisting(0), USERS))
    one = call(sandbox, "sloe.sandbox").introduce("one@prober.sandbox")
    two = call(sandbox, "sloe.sandbox").introduce("two@prober.sandbox")

    assert one.rcpt("existing1@sloe.sandbox").startswith("451")
    assert two.rcpt("existing1@sloe.sandbox").startswith("451")
    assert one.rcpt("full1@sloe.sandbox").startswith("451")
    assert one.rcpt("Existing1@sloe.sandbox").startswith("250")


def test_greylisting_for_ever_never_lets_in(serve, call):
    sandbox = serve(Domain("sloe.sandbox", Greylisting(NEVER), USERS))
    caller = call(sandbox, "sloe.sandbox").introduce()

    assert {caller.rcpt("existing1@sloe.sandbox")[:9] for _ in range(5)} == {"451 4.7.1"}


@pytest.mark.parametrize(
    ("behaviour", "start"),
    [
        (Blocked(), "554 5.7.1 client host [127."),
        (RateLimited(), "450 4.7."),
        (RelayDenied(), "554 5.7.1 relay access denied"),
    ],
)
def test_a_behaviour_that_speaks_of_us_refuses_everybody(serve, call, behaviour, start):
    sandbox = serve(Domain("rye.sandbox", behaviour, USERS))
    caller = call(sandbox, "rye.sandbox").introduce()

    replies = [caller.rcpt(f"{name}@rye.sandbox") for name in ("existing1", "missing1", "postmaster")]

    assert all(reply.startswith(start) for reply in replies)


def test_421_comes_after_n_recipients_and_the_next_session_goes_on(serve, call, eventually):
    sandbox = serve(Domain("rye.sandbox", ClosesAfter(2), USERS))
    caller = call(sandbox, "rye.sandbox").introduce()

    replies = [caller.rcpt(f"{name}@rye.sandbox")[:3] for name in ("existing1", "missing1", "full1")]

    assert replies == ["250", "550", "421"]
    assert caller.read() == ""
    assert call(sandbox, "rye.sandbox").introduce().rcpt("full1@rye.sandbox").startswith("552")
    assert sandbox.counters().forced_disconnects == 1


def test_the_connection_is_dropped_without_a_word_after_n_recipients(serve, call):
    sandbox = serve(Domain("rye.sandbox", DropsAfter(1), USERS))
    caller = call(sandbox, "rye.sandbox").introduce()

    assert caller.rcpt("existing1@rye.sandbox").startswith("250")
    assert caller.rcpt("full1@rye.sandbox") == ""
    counters = sandbox.counters()
    assert (counters.forced_disconnects, counters.abandoned) == (1, 0)


def test_452_comes_after_n_recipients_and_the_session_stays_open(serve, call):
    sandbox = serve(Domain("rye.sandbox", LimitsRecipients(1), USERS))
    caller = call(sandbox, "rye.sandbox").introduce()

    assert caller.rcpt("existing1@rye.sandbox").startswith("250")
    assert caller.rcpt("existing1@rye.sandbox").startswith("452 4.5.3")
    assert caller.say("QUIT").startswith("221")


def test_a_host_does_not_relay_for_domains_of_other_hosts(serve, call):
    sandbox = serve(Domain("plum.sandbox", users=USERS), Domain("fig.sandbox", users=USERS))
    caller = call(sandbox, "plum.sandbox").introduce()

    assert caller.rcpt("existing1@fig.sandbox").startswith("554 5.7.1 relay")
    assert caller.rcpt("existing1@nowhere.sandbox").startswith("554 5.7.1 relay")
    assert caller.rcpt("existing1@plum.sandbox").startswith("250")


def test_greylisting_may_say_how_long_it_still_takes(serve, rcpt):
    sandbox = serve(Domain("sloe.sandbox", Greylisting(300.0, has_hint=True), USERS))

    assert rcpt(sandbox, "existing1@sloe.sandbox") == "451 4.7.1 greylisted, come back in 300 seconds"


def test_greylisting_by_domain_lets_in_others_of_it_too(serve, rcpt, eventually):
    sandbox = serve(Domain("sloe.sandbox", Greylisting(0.05, is_of_domain=True), USERS))

    assert rcpt(sandbox, "existing1@sloe.sandbox").startswith("451")
    eventually(lambda: rcpt(sandbox, "missing1@sloe.sandbox").startswith("550"))


def test_hosts_that_share_a_name_turn_against_the_client_together_with_refusals_and_lies(
    serve, rcpt, eventually
):
    against = TurnsAgainst("harvest", 2, 0.3)
    sandbox = serve(Domain("plum.sandbox", against, USERS), Domain("fig.sandbox", against, USERS))
    both = ("existing1@plum.sandbox", "existing1@fig.sandbox")

    assert [rcpt(sandbox, each)[:3] for each in both] == ["250", "250"]
    assert sorted(rcpt(sandbox, each)[:9] for each in both) == ["550 5.1.1", "554 5.7.1"]
    eventually(lambda: rcpt(sandbox, "existing1@plum.sandbox").startswith("250"))
    assert rcpt(sandbox, "missing1@fig.sandbox").startswith("550 5.1.1")


def test_a_domain_may_take_any_local_part_of_a_shape(serve, rcpt):
    sandbox = serve(Domain("plum.sandbox", TakesShape(r"\w*\d+\w*"), USERS))

    assert rcpt(sandbox, "stranger7@plum.sandbox").startswith("250")
    assert rcpt(sandbox, "stranger@plum.sandbox").startswith("550")
    assert rcpt(sandbox, "disabled1@plum.sandbox").startswith("550 5.2.1")
