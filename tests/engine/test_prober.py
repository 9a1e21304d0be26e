import asyncio

import pytest

from engine.address import Address
from engine.batch import Recipient
from engine.exchange import MailHost
from engine.line import Line
from engine.prober import can_connect, longest_probe_s, probe
from engine.question import Question
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.settings import Settings

YES = b"250 2.1.5 ok\r\n"
NO = b"550 5.1.1 no such user\r\n"
GO = b"220 2.0.0 go ahead\r\n"
OFFERING = b"250-mx1.plum.sandbox\r\n250 STARTTLS\r\n"
DEMAND = b"530 5.7.0 Must issue a STARTTLS command first\r\n"
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
    def run(asked, *scripts, doing=probe, **changed):
        async def hold():
            async with playing(*scripts) as port:
                return await doing(asked, settings_of(smtp_port=port, **changed))

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
        {"EHLO": OFFERING, "MAIL": DEMAND, "STARTTLS": "drop"},
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


def test_a_host_in_a_private_network_is_no_sign_of_a_closed_port(ask, scripted):
    script = scripted()
    probing = ask(question(1), script, allow_private_networks=False)

    assert (probing.has_connected, probing.stopped.failure) == (None, Reason.UNROUTABLE_MX)
    assert script.heard == []


def test_a_host_that_may_not_be_tried_does_not_hide_that_the_other_is_down(ask, scripted):
    own = {"allow_private_networks": False, "source_address": "127.0.0.1"}  # from there no way leads outside
    probing = ask(question(1, ("192.88.99.1", "10.0.0.1")), scripted(), **own)

    assert (probing.has_connected, probing.stopped.failure) == (False, Reason.UNREACHABLE)
    assert any("not a public address" in line.text for line in probing.trace)


def test_hosts_without_address_are_unreachable_and_no_sign_of_a_closed_port(ask, scripted):
    probing = ask(question(hosts=(MailHost("mx.plum.sandbox", 10),)), scripted())

    assert (probing.has_connected, probing.stopped.failure) == (None, Reason.UNREACHABLE)


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


def test_a_host_that_offers_tls_is_asked_under_tls(ask, scripted, tls_of):
    script = scripted(EHLO=[OFFERING, b"250 mx1\r\n"], STARTTLS=(GO, tls_of()))

    probing = ask(question(2), script)

    assert (codes(probing), probing.offers_tls, script.encrypted) == ([250, 250], True, ["TLSv1.3"])
    assert "encrypted with TLSv1.3" in [line.text for line in probing.trace]


@pytest.mark.parametrize(
    ("script", "is_offered"),
    [({}, False), ({"banner": b"554 no\r\n"}, None), ({"EHLO": b"502 no\r\n"}, False)],
)
def test_it_is_told_whether_tls_was_offered_where_a_host_said_so(ask, scripted, script, is_offered):
    assert ask(question(1), scripted(**script)).offers_tls is is_offered


@pytest.mark.parametrize("how", ["hang", "garbage", "reset", "drop", "drop later", "silence", "two replies"])
def test_where_tls_fails_the_host_is_asked_once_more_without_it(ask, scripted, tls_of, how):
    failing = {
        "hang": (GO, scripted.HEAR, scripted.HEAR, scripted.DROP),
        "garbage": (GO, scripted.HEAR, b"no TLS here\r\n", scripted.HEAR, scripted.DROP),
        "reset": (GO, scripted.HEAR, scripted.RESET),
        "drop": (GO, scripted.HEAR, scripted.DROP),
        "drop later": (GO, tls_of(), scripted.DROP),
        "silence": None,
        "two replies": GO + GO,
    }
    script = scripted(EHLO=OFFERING, STARTTLS=failing[how])

    probing = ask(question(2, decoy=DECOY), script, smtp_op_timeout_ms=200)

    assert (codes(probing), probing.decoy.code, probing.offers_tls) == ([250, 250], 250, True)
    assert [session.count("STARTTLS") for session in script.heard] == [1, 0]
    assert "once more, without encryption" in [line.text for line in probing.trace]


def test_a_host_whose_tls_fails_and_that_insists_on_it_is_not_blamed_on_the_recipient(ask, scripted):
    script = scripted(EHLO=OFFERING, MAIL=DEMAND, STARTTLS=(GO, scripted.HEAR, scripted.DROP))

    probing = ask(question(2), script)

    assert (probing.heard, probing.stopped) == (
        (),
        Reply(530, "5.7.0 Must issue a STARTTLS command first", Stage.MAIL),
    )
    assert len(script.heard) == 2


def test_tls_is_tried_only_once_at_all_addresses_of_a_host(ask, scripted):
    broken = {"EHLO": OFFERING, "STARTTLS": (GO, scripted.HEAR, scripted.DROP), "MAIL": scripted.DROP}
    first, second = scripted(**broken), scripted(**broken)
    host = MailHost("mx1.plum.sandbox", 10, ("127.20.0.1", "127.20.0.2"))

    ask(question(hosts=(host,)), first, second)

    assert (len(first.heard), len(second.heard)) == (2, 1)
    assert "STARTTLS" not in second.lines


def test_a_host_that_lets_us_in_only_with_tls_is_kept_when_it_lets_us_in_no_more(ask, scripted):
    broken = (GO, scripted.HEAR, scripted.DROP)
    script = scripted(banner=[b"220 mx1\r\n", scripted.DROP], EHLO=OFFERING, STARTTLS=broken)

    probing = ask(question(1), script)

    assert (probing.heard, probing.has_connected, probing.mx_host) == ((), True, "mx1.plum.sandbox")


def test_a_secondary_behind_a_gateway_is_not_asked(ask, scripted):
    gateway = MailHost("d1.ess.barracudanetworks.com", 10, ("127.20.0.1",))
    secondary = MailHost("plum.mail.protection.outlook.com", 20, ("127.20.0.2",))
    behind = scripted()

    probing = ask(question(hosts=(gateway, secondary)), scripted(banner=b"421 busy\r\n"), behind)

    assert (probing.stopped.code, behind.heard) == (421, [])


def test_what_was_said_of_others_at_an_earlier_host_is_not_in_the_trace(ask, scripted):
    denying = scripted(RCPT=b"554 5.7.1 relay access denied\r\n")

    probing = ask(question(2, ("127.20.0.1", "127.20.0.2")), denying, scripted())

    assert not any("pear" in line.text for line in probing.trace)
    assert [line.text for line in probing.heard[1].trace] == ["RCPT TO:<pear1@plum.sandbox>", "250 ok"]


def test_a_host_that_was_out_of_step_at_the_end_was_never_believed(ask, scripted):
    script = scripted(QUIT=b"550 5.1.1 no such user\r\n221 bye\r\n")

    probing = ask(question(3, decoy=DECOY), script)

    assert (probing.heard, probing.decoy, probing.stopped.failure) == ((), None, Reason.UNCLEAR)


def test_answers_before_a_host_fell_out_of_step_are_not_believed(ask, scripted):
    probing = ask(question(3), scripted(RCPT=[YES, YES + NO]))

    assert (probing.heard, probing.stopped.failure) == ((), Reason.UNCLEAR)


@pytest.mark.parametrize(
    "script",
    [
        {"banner": None},
        {"EHLO": OFFERING, "STARTTLS": None, "MAIL": None},
        {"RCPT": (lambda: asyncio.sleep(0.09), b"554 5.7.1 relay access denied\r\n"), "QUIT": None},
    ],
    ids=["silent", "tls hangs, then silent", "slow to deny relaying"],
)
def test_a_probe_has_an_end_however_slow_its_hosts_are(ask, scripted, script):
    hosts = tuple(MailHost(f"mx{n}.plum.sandbox", n, (f"127.20.0.{2 * n + 1}", f"127.20.0.{2 * n + 2}"))
                  for n in range(3))  # fmt: skip
    limits = {"smtp_op_timeout_ms": 100, "total_budget_ms": 200}
    took: list[float] = []

    async def timed(asked, settings):
        began = asyncio.get_running_loop().time()
        await probe(asked, settings)
        took.append(asyncio.get_running_loop().time() - began)

    ask(question(5, hosts=hosts), *(scripted(**script) for _ in range(6)), doing=timed, **limits)
    assert took[0] < longest_probe_s(Settings(**limits), 5, "other")


def test_the_longest_probe_is_told_beforehand():
    sessions, steps = 6 + 3 + 3 + 1, 20 + 3 + 3
    assert longest_probe_s(Settings(), 20, "other") == sessions * (12 + 2) + steps * 8 + 3 * 12
    assert longest_probe_s(Settings(), 20, "spamexperts") > longest_probe_s(Settings(), 20, "other")


FLYING = b"250-mx1.plum.sandbox\r\n250 PIPELINING\r\n"


@pytest.mark.parametrize(
    "how",
    [
        "only the first",
        "only that, then closes",
        "mistakes",
        "all for one",
        "closes",
        "one too many",
        "one less",
    ],
)
def test_a_host_that_cannot_take_the_flights_it_offers_is_asked_one_by_one(ask, scripted, how):
    breaking = {
        "only the first": {"MAIL": [(b"250 ok\r\n", scripted.HEAR), YES]},
        "only that, then closes": {"MAIL": [(b"250 ok\r\n", scripted.DROP), YES]},
        "mistakes": {"RCPT": [b"503 5.5.1 bad sequence\r\n"] * 4},
        "all for one": {"MAIL": [(scripted.HEAR, b"501 5.5.4 syntax\r\n"), YES]},
        "closes": {"MAIL": [scripted.DROP, YES]},
        "one too many": {"RCPT": [YES + NO, NO, YES, NO]},
        "one less": {"RCPT": [YES, None, NO, NO]},
    }
    truth = [YES, NO, YES, NO]
    rcpts = [*breaking[how].get("RCPT", []), *truth]
    script = scripted(**({"EHLO": FLYING} | breaking[how] | {"RCPT": rcpts}))

    probing = ask(question(3, decoy=DECOY), script, smtp_op_timeout_ms=200)

    assert (codes(probing), probing.decoy.code) == ([250, 550, 250], 550)
    assert (len(script.heard), script.rcpts(1)[0]) == (2, "pear0@plum.sandbox")
    assert "once more, one command at a time" in [line.text for line in probing.trace]
    assert not any("pear" in line.text for line in probing.trace)


def test_a_host_that_cannot_take_flights_is_not_tried_with_them_twice(playing, scripted, settings_of):
    async def hold():
        script = scripted(EHLO=FLYING, MAIL=[(b"250 ok\r\n", scripted.DROP), YES])
        async with playing(script) as port:
            settings, known = settings_of(smtp_port=port), set()
            for _ in range(2):
                probing = await probe(question(3), settings, lockstep=known)
                assert codes(probing) == [250] * 3
        return known, len(script.heard)

    assert asyncio.run(hold()) == ({"mx1.plum.sandbox"}, 3)


def test_a_host_that_is_silent_is_asked_one_by_one_once_and_then_left(ask, scripted):
    script = scripted(EHLO=FLYING, RCPT=None)

    probing = ask(question(3), script, smtp_op_timeout_ms=100)

    assert (probing.heard, probing.stopped.failure) == ((), Reason.TIMEOUT)
    assert probing.ended_by == recipients(3)[0]
    assert len(script.heard) == 2


def test_a_refused_sender_is_no_reason_to_come_again(ask, scripted):
    script = scripted(EHLO=FLYING, MAIL=(b"550 5.7.1 blocked\r\n", scripted.DROP))

    assert ask(question(3), script).stopped.code == 550
    assert len(script.heard) == 1


def domain(name: str, count: int = 1, ip: str = "127.20.0.1", **more) -> Question:
    asked = tuple(Recipient(n, Address(f"pear{n}", name)) for n in range(count))
    hosts = (MailHost("mx1.plum.sandbox", 10, (ip,)),)
    known = {"hosts": hosts, "recipients": asked, "decoy": Address("k3f9a2b7", name)}
    return question(**(known | more))


@pytest.fixture
def ask_all(ask):
    """Ask several questions on one line, and take leave."""

    def run(questions, *scripts, between=None, **changed):
        async def on_a_line(_, settings):
            line = Line()
            found = []
            for each in questions:
                found.append(await probe(each, settings, line))
                if between:
                    await between()
            await line.leave()
            return found

        return ask(None, *scripts, doing=on_a_line, **changed)

    return run


def rcpt_or_decoy(line: str) -> bytes:
    return NO if DECOY.local_part in line else YES


@pytest.mark.parametrize("greeting", [FLYING, b"250 mx1.plum.sandbox\r\n"], ids=["flights", "lockstep"])
def test_a_session_goes_on_to_the_next_domain(ask_all, scripted, greeting):
    script = scripted(EHLO=greeting, RCPT=rcpt_or_decoy, RSET=b"250 flushed\r\n")

    found = ask_all([domain("fig.sandbox", 2), domain("pear.sandbox"), domain("plum.sandbox")], script)

    assert [codes(each) for each in found] == [[250, 250], [250], [250]]
    assert all(each.decoy.code == 550 and each.has_connected and each.ip == "127.20.0.1" for each in found)
    assert [each.borne for each in found] == [0, 3, 5]
    assert len(script.heard) == 1
    assert [line.split(" ")[0] for line in script.lines] == [
        "EHLO", "MAIL", "RCPT", "RCPT", "RCPT", *["RSET", "MAIL", "RCPT", "RCPT"] * 2, "QUIT",
    ]  # fmt: skip
    assert [line.text for line in found[1].trace] == [
        "the session with mx1.plum.sandbox goes on",
        "RSET", "250 flushed", "MAIL FROM:<verify@prober.sandbox>", "250 ok",
    ]  # fmt: skip
    assert "fig.sandbox" not in str(found[1])


@pytest.mark.parametrize("greeting", [FLYING, b"250 mx1.plum.sandbox\r\n"], ids=["flights", "lockstep"])
@pytest.mark.parametrize(
    "end",
    ["421 at RSET", "no RSET", "drop at RSET", "no MAIL", "421 at RCPT", "drop at RCPT", "silence", "452"],
)
def test_a_session_that_ends_before_the_next_domains_first_answer_says_nothing_of_it(
    ask_all, scripted, greeting, end
):
    ok, mail = b"250 ok\r\n", b"250 ok\r\n"
    enough, too_many = b"421 4.7.0 enough\r\n", b"452 4.5.3 too many recipients\r\n"
    rcpts = 2 if greeting == FLYING else 1
    ends = {
        "421 at RSET": {"RSET": b"421 4.3.2 closing\r\n"},
        "no RSET": {"RSET": b"502 5.5.1 not known\r\n"},
        "drop at RSET": {"RSET": scripted.DROP},
        "no MAIL": {"MAIL": [mail, b"452 4.3.1 enough\r\n", mail]},
        "421 at RCPT": {"RCPT": [YES, NO, *[enough] * rcpts, YES, NO]},
        "drop at RCPT": {"RCPT": [YES, NO, scripted.DROP, YES, NO]},
        "silence": {"RSET": (scripted.HEAR,)},
        "452": {"RCPT": [YES, NO, *[too_many] * rcpts, YES, NO]},
    }
    script = scripted(**({"EHLO": greeting, "RSET": ok, "RCPT": rcpt_or_decoy} | ends[end]))

    found = ask_all([domain("fig.sandbox"), domain("plum.sandbox")], script, smtp_op_timeout_ms=200)

    assert [codes(each) for each in found] == [[250], [250]]
    assert (found[1].stopped, found[1].ended_by, found[1].decoy.code) == (None, None, 550)
    assert (found[1].borne, len(script.heard)) == (0, 2)


def test_a_session_at_another_host_is_left_before_the_next_is_opened(ask_all, scripted):
    first, second = scripted(RCPT=rcpt_or_decoy), scripted(RCPT=rcpt_or_decoy)

    found = ask_all([domain("fig.sandbox"), domain("plum.sandbox", ip="127.20.0.2")], first, second)

    assert [each.ip for each in found] == ["127.20.0.1", "127.20.0.2"]
    assert (first.lines[-1], second.lines[-1]) == ("QUIT", "QUIT")


def test_a_question_with_no_grant_asks_nobody_and_leaves_politely(ask_all, scripted):
    script = scripted(EHLO=FLYING)

    found = ask_all([domain("fig.sandbox"), domain("plum.sandbox", allow=lambda _: 0)], script)

    assert (codes(found[0]), found[1].heard, found[1].stopped) == ([250], (), None)
    assert (len(script.heard), script.lines[-1]) == (1, "QUIT")


def test_a_host_found_out_of_step_later_takes_the_earlier_domains_with_it(ask_all, scripted):
    late = scripted(EHLO=FLYING, RCPT=rcpt_or_decoy, RSET=YES, QUIT=b"250 late\r\n221 bye\r\n")

    found = ask_all([domain("fig.sandbox"), domain("plum.sandbox")], late)

    assert [codes(each) for each in found] == [[250], [250]]
    assert not any(each.session.is_in_step for each in found), "who stores them has to look"


def test_a_session_that_fails_a_domain_in_its_middle_keeps_what_it_was_told(ask_all, scripted):
    script = scripted(EHLO=FLYING, RSET=YES, RCPT=[YES, NO, YES, b"421 4.7.0 enough\r\n"])

    found = ask_all([domain("fig.sandbox"), domain("plum.sandbox", 3)], script)

    assert (codes(found[1]), found[1].stopped.code, found[1].borne) == ([250], 421, 2)
    assert len(script.heard) == 1


def test_leave_is_taken_of_a_line_that_is_called_off_in_the_middle(playing, scripted, settings_of, until):
    async def hold():
        script = scripted(EHLO=FLYING, RSET=YES, RCPT=[YES, NO, None])
        async with playing(script) as port:
            settings, line = settings_of(smtp_port=port), Line()
            await probe(domain("fig.sandbox"), settings, line)
            asking = asyncio.create_task(probe(domain("plum.sandbox"), settings, line))
            await until(lambda: len(script.rcpts()) >= 3)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            await until(lambda: script.open == 0)
        return script.lines[-1]

    assert asyncio.run(hold()) == "QUIT"
