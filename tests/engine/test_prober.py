import asyncio

import pytest

from engine.address import Address
from engine.batch import Recipient
from engine.exchange import MailHost
from engine.interview import MAX_REFUSALS, Question
from engine.prober import can_connect, longest_probe_s, patient_settings, probe
from engine.provider import provider_named
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached
from engine.settings import Settings

YES = b"250 2.1.5 ok\r\n"
NO = b"550 5.1.1 no such user\r\n"
VAGUE = b"550 address rejected\r\n"
BLOCKED = b"554 5.7.1 client host blocked, see our block list\r\n"
LATER = b"451 4.7.1 greylisted\r\n"
DECOY = Address("k3f9a2b7", "plum.sandbox")
CONTROL = Address("postmaster", "plum.sandbox")
NOBODY = "127.20.0.99"


def recipients(count: int, **known) -> tuple[Recipient, ...]:
    return tuple(Recipient(n, Address(f"pear{n}", "plum.sandbox"), **known) for n in range(count))


def question(count=1, ips=("127.20.0.1",), **more) -> Question:
    hosts = tuple(MailHost(f"mx{n}.plum.sandbox", 10 * n, (ip,)) for n, ip in enumerate(ips, 1))
    return Question(**({"hosts": hosts, "recipients": recipients(count), "provider": "other"} | more))


@pytest.fixture
def ask(playing, settings_of):
    def run(asked, *scripts, **changed):
        async def hold():
            async with playing(*scripts) as port:
                return await probe(asked, settings_of(smtp_port=port, **changed))

        return asyncio.run(hold())

    return run


def codes(probing) -> list[int]:
    return [heard.answer.code for heard in probing.heard]


def test_one_session_asks_all_recipients_and_the_decoy_last(ask, scripted):
    script = scripted(RCPT=lambda line: NO if DECOY.local_part in line or "pear1" in line else YES)

    probing = ask(question(3, decoy=DECOY, control=CONTROL), script)

    assert codes(probing) == [250, 550, 250]
    assert probing.decoy == Reply(550, "5.1.1 no such user", Stage.RCPT)
    assert script.rcpts() == ["pear0@plum.sandbox", "pear1@plum.sandbox", "pear2@plum.sandbox", str(DECOY)]
    assert (len(script.heard), script.lines[-1]) == (1, "QUIT")
    assert (probing.mx_host, probing.ip, probing.has_connected) == ("mx1.plum.sandbox", "127.20.0.1", True)


def test_each_recipient_has_its_own_lines_of_the_trace(ask, scripted):
    probing = ask(question(2), scripted(RCPT=[YES, NO]))

    assert [[line.text for line in heard.trace] for heard in probing.heard] == [
        ["RCPT TO:<pear0@plum.sandbox>", "250 2.1.5 ok"],
        ["RCPT TO:<pear1@plum.sandbox>", "550 5.1.1 no such user"],
    ]
    assert not any("RCPT" in line.text for line in probing.trace)


def test_who_has_an_answer_already_is_not_asked_again(ask, scripted):
    script = scripted()
    answered = recipients(2, answer=Reply(250, "ok", Stage.RCPT))

    probing = ask(question(recipients=answered, decoy=DECOY), script)

    assert (script.rcpts(), probing.heard) == ([str(DECOY)], ())
    assert probing.decoy is not None


def test_the_decoy_is_not_asked_where_everybody_was_refused(ask, scripted):
    script = scripted(RCPT=NO)

    assert ask(question(2, decoy=DECOY), script).decoy is None
    assert len(script.rcpts()) == 2


@pytest.mark.parametrize("refusal", [NO, BLOCKED, LATER, VAGUE], ids=["missing", "blocked", "later", "vague"])
@pytest.mark.parametrize(
    "more", [{}, {"decoy": DECOY}, {"control": CONTROL}, {"decoy": DECOY, "control": CONTROL}]
)
def test_a_session_has_at_most_nine_refusals_the_made_up_and_control_addresses_included(
    ask, scripted, refusal, more
):
    script = scripted(RCPT=lambda line: YES if "pear0@" in line else refusal)

    probing = ask(question(20, **more), script)

    refused = len(script.rcpts()) - 1
    assert refused <= MAX_REFUSALS
    assert len(probing.heard) >= MAX_REFUSALS - 1
    assert script.lines[-1] == "QUIT"


def test_without_refusals_a_session_asks_everybody(ask, scripted):
    assert len(ask(question(20, decoy=DECOY), scripted()).heard) == 20


@pytest.mark.parametrize(
    ("refusal", "is_asked"), [(NO, False), (BLOCKED, False), (LATER, False), (VAGUE, True)]
)
def test_postmaster_is_asked_only_where_a_refusal_is_vague_and_before_the_decoy(
    ask, scripted, refusal, is_asked
):
    script = scripted(RCPT=[YES, refusal, NO])

    probing = ask(question(2, decoy=DECOY, control=CONTROL), script)

    assert (probing.control is not None) is is_asked
    assert script.rcpts()[2:] == [str(CONTROL), str(DECOY)][not is_asked :]


@pytest.mark.parametrize(
    "end", [b"421 4.7.0 enough\r\n", b"452 4.5.3 too many recipients\r\n", b"552 too many recipients\r\n"]
)
def test_a_limit_of_the_host_ends_the_session_with_what_was_heard(ask, scripted, end):
    script = scripted(RCPT=[YES, end])

    probing = ask(question(3, decoy=DECOY), script)

    assert codes(probing) == [250]
    assert (probing.stopped.code, probing.decoy) == (int(end[:3]), None)
    assert len(script.rcpts()) == 2
    assert script.lines[-1] == "QUIT"


def test_a_dropped_session_keeps_what_was_heard(ask, scripted):
    probing = ask(question(3), scripted(RCPT=[YES, scripted.DROP]))

    assert codes(probing) == [250]
    assert probing.stopped.failure is Reason.DROPPED


def test_a_host_whose_replies_come_in_twos_settles_nobody(ask, scripted):
    script = scripted(RCPT=YES + NO)

    probing = ask(question(3, decoy=DECOY), script)

    assert (probing.heard, probing.decoy) == ((), None)
    assert probing.stopped.failure is Reason.UNCLEAR
    assert script.lines[-1] == "QUIT"


def test_a_silent_answer_after_others_belongs_to_its_recipient(ask, scripted):
    probing = ask(question(3), scripted(RCPT=[YES, None]), smtp_op_timeout_ms=150)

    assert [type(heard.answer) for heard in probing.heard] == [Reply, Unreached]
    assert probing.heard[1].answer.failure is Reason.TIMEOUT
    assert probing.stopped is None


def test_a_silent_first_answer_belongs_to_the_host(ask, scripted):
    probing = ask(question(3), scripted(RCPT=None), smtp_op_timeout_ms=150)

    assert probing.heard == ()
    assert (probing.stopped.stage, probing.stopped.failure) == (Stage.RCPT, Reason.TIMEOUT)


def test_an_address_that_has_used_its_time_up_is_over_budget(ask, scripted):
    probing = ask(question(2), scripted(RCPT=[YES, None]), smtp_op_timeout_ms=20_000, total_budget_ms=300)

    assert probing.heard[1].answer.failure is Reason.BUDGET


@pytest.mark.parametrize("slow", [{"banner": None}, {"EHLO": None}, {"MAIL": None}])
def test_a_session_that_is_not_set_up_in_time_is_over_budget_and_left(ask, scripted, slow):
    script = scripted(**slow)

    probing = ask(question(2), script, smtp_op_timeout_ms=20_000, total_budget_ms=200)

    assert (probing.heard, probing.stopped.failure, probing.has_connected) == ((), Reason.BUDGET, True)
    assert "banner" in slow or script.lines[-1] == "QUIT"


def test_a_silent_host_has_timed_out_while_there_was_time_left(ask, scripted):
    probing = ask(question(2), scripted(banner=None), smtp_op_timeout_ms=150)

    assert (probing.stopped.stage, probing.stopped.failure) == (Stage.BANNER, Reason.TIMEOUT)


def test_a_banner_that_is_only_slow_is_waited_for(ask, scripted):
    probing = ask(question(1), scripted(banner=(lambda: asyncio.sleep(0.3), b"220 mx.plum.sandbox\r\n")))

    assert codes(probing) == [250]


@pytest.mark.parametrize(
    "first",
    [
        {"banner": b"421 4.3.2 busy\r\n"},
        {"banner": b"451 later\r\n"},
        {"banner": "drop"},
        {"banner": None},
        {"MAIL": b"451 4.3.0 later\r\n"},
        {"RCPT": "drop"},
        {"RCPT": b"421 4.7.0 not now\r\n"},
    ],
)
def test_the_next_mail_host_is_asked_where_the_first_tells_nothing(ask, scripted, first):
    first = {key: scripted.DROP if value == "drop" else value for key, value in first.items()}
    backup = scripted()

    probing = ask(
        question(2, ("127.20.0.1", "127.20.0.2")), scripted(**first), backup, smtp_op_timeout_ms=200
    )

    assert codes(probing) == [250, 250]
    assert (probing.mx_host, probing.ip) == ("mx2.plum.sandbox", "127.20.0.2")


@pytest.mark.parametrize("reply", [b"554 5.7.1 relay access denied\r\n", b"550 relaying denied\r\n"])
def test_a_host_that_takes_no_mail_for_the_domain_is_passed_over(ask, scripted, reply):
    both = question(2, ("127.20.0.1", "127.20.0.2"))

    assert codes(ask(both, scripted(RCPT=reply), scripted())) == [250, 250]
    kept = ask(both, scripted(RCPT=reply), scripted(banner=scripted.DROP))
    assert (codes(kept), kept.mx_host) == ([int(reply[:3])] * 2, "mx1.plum.sandbox")


def test_one_refusal_to_relay_among_others_is_that_recipients_answer(ask, scripted):
    backup = scripted()
    first = scripted(RCPT=[b"250 ok\r\n", b"554 5.7.1 relay access denied\r\n"])

    assert codes(ask(question(2, ("127.20.0.1", "127.20.0.2")), first, backup)) == [250, 554]
    assert backup.heard == []


def test_a_lasting_refusal_of_us_is_not_taken_to_the_next_host(ask, scripted):
    backup = scripted()
    probing = ask(
        question(1, ("127.20.0.1", "127.20.0.2")), scripted(banner=b"554 5.7.1 blocked\r\n"), backup
    )

    assert probing.stopped.code == 554
    assert backup.heard == []


def test_hosts_are_tried_by_preference_and_a_dead_one_is_passed_over(ask, scripted):
    script = scripted()
    probing = ask(question(1, (NOBODY, "127.20.0.1")), script)

    assert (codes(probing), probing.mx_host) == ([250], "mx2.plum.sandbox")
    assert any("no connection" in line.text for line in probing.trace)


def test_what_a_host_said_is_kept_when_the_next_cannot_be_reached(ask, scripted):
    probing = ask(question(1, ("127.20.0.1", NOBODY)), scripted(banner=b"421 4.3.2 busy\r\n"))

    assert (probing.stopped.code, probing.has_connected, probing.ip) == (421, True, "127.20.0.1")


def test_where_nobody_listens_it_is_said_that_no_connection_was_made(ask, scripted):
    probing = ask(question(1, (NOBODY, "127.20.0.98")), scripted())

    assert (probing.has_connected, probing.stopped.failure) == (False, Reason.UNREACHABLE)


def test_at_most_three_hosts_with_two_addresses_each_are_tried(ask, scripted):
    hosts = tuple(MailHost(f"mx{n}.plum.sandbox", n, ("127.20.0.1",) * 4) for n in range(5))
    script = scripted(banner=scripted.DROP)

    ask(question(hosts=hosts), script)
    assert len(script.heard) == 6


def test_a_host_in_a_private_network_is_no_sign_of_a_closed_port(ask, scripted):
    script = scripted()
    probing = ask(question(1), script, allow_private_networks=False)

    assert (probing.has_connected, probing.stopped.failure) == (None, Reason.UNROUTABLE_MX)
    assert script.heard == []


def test_hosts_without_address_are_unreachable_and_no_sign_of_a_closed_port(ask, scripted):
    probing = ask(question(hosts=(MailHost("mx.plum.sandbox", 10),)), scripted())

    assert (probing.has_connected, probing.stopped.failure) == (None, Reason.UNREACHABLE)


def test_an_international_local_part_needs_a_host_that_offers_it(ask, scripted):
    quince = (Recipient(0, Address("quitté", "plum.sandbox")), Recipient(1, Address("fig", "plum.sandbox")))

    plain = scripted()
    probing = ask(question(recipients=quince), plain)
    assert probing.heard[0].answer.failure is Reason.SMTPUTF8_NEEDED
    assert plain.rcpts() == ["fig@plum.sandbox"]

    offering = scripted(EHLO=b"250-mx\r\n250 SMTPUTF8\r\n")
    assert codes(ask(question(recipients=quince), offering)) == [250, 250]
    assert offering.rcpts()[0] == "quitté@plum.sandbox"


def test_leave_is_taken_when_the_asking_is_called_off(playing, scripted, settings_of, until):
    async def hold():
        script = scripted(RCPT=None)
        async with playing(script) as port:
            asking = asyncio.create_task(probe(question(1), settings_of(smtp_port=port)))
            await until(lambda: any(line.startswith("RCPT") for line in script.lines))
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            await until(lambda: script.open == 0)
        return script.lines[-1]

    assert asyncio.run(hold()) == "QUIT"


def test_a_host_that_was_reached_can_be_tried_with_nothing_but_a_greeting(playing, scripted, settings_of):
    async def hold():
        script = scripted()
        async with playing(script) as port:
            settings = settings_of(smtp_port=port)
            found = await can_connect("127.20.0.1", settings), await can_connect(NOBODY, settings)
        return found, script.heard

    assert asyncio.run(hold()) == ((True, False), [["QUIT"]])


def test_a_probe_has_an_end_however_slow_its_hosts_are():
    assert longest_probe_s(Settings(), 20, "other") > 6 * (6 + 12) + 22 * 8


def test_a_provider_known_to_be_slow_gets_the_time_it_needs_and_others_what_is_set():
    slow = provider_named("spamexperts")
    patient = patient_settings(Settings(), slow.name)
    assert patient.smtp_op_timeout_ms == slow.rcpt_timeout_s * 1000
    assert patient.total_budget_ms == slow.budget_s * 1000
    assert patient_settings(Settings(), "other") == Settings()
    assert longest_probe_s(Settings(), 20, slow.name) > longest_probe_s(Settings(), 20, "other")
