import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hint import hint_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4.7.1 Greylisted, please try again in 5 minutes", 300),
        ("4.2.0 <pear@plum.example>: Recipient address rejected: Greylisted for 300 seconds", 300),
        ("4.7.1 Try again in 1 hour", 3600),
        ("Greylisting in action, please come back in 00:05:00", 300),
        ("come back in 01:02:03", 3723),
        ("greylisted, wait 10 min.", 600),
        ("you may retry after 90 secs", 90),
        ("4.7.1 retry in 120s", 120),
        ("delayed for 5m", 300),
        ("try again in 1h 30m", 5400),
        ("please wait 4 minutes and 59 seconds", 299),
        ("please wait 1 hour, 10 min", 4200),
        ("try again in an hour", 3600),
        ("come back in one minute", 60),
        ("a 5-minute delay is in force", 300),
        ("try again in 1.5 hours", 5400),
        ("TRY AGAIN IN 15 MINUTES!", 900),
        ("Bitte in 5 Minuten erneut versuchen", 300),
        ("Bitte versuchen Sie es in einer Stunde noch einmal", 3600),
        ("versuchen Sie es in 90 Sekunden wieder", 90),
        ("réessayez dans 10 minutes", 600),
        ("veuillez réessayer dans une heure", 3600),
        ("inténtelo de nuevo en 15 minutos", 900),
        ("vuelva a intentarlo en una hora", 3600),
        ("tente novamente em 20 minutos", 1200),
        ("tente de novo em 1 hora", 3600),
        ("riprovare tra 5 minuti", 300),
        ("riprova tra un'ora", 3600),
        ("probeer het over 2 uur opnieuw", 7200),
        ("wacht 5 minuten", 300),
        ("spróbuj ponownie za 10 minut", 600),
        ("spróbuj ponownie za godzinę", 3600),
        ("повторите попытку через 5 минут", 300),
        ("повторите через час", 3600),
        ("повторите через 2 часа", 7200),
        ("请在5分钟后重试", 300),
        ("5分後にもう一度お試しください", 300),
        ("try again in 2 days", 172_800),
    ],
)
def test_the_time_that_a_host_names_is_read(text, seconds):
    assert hint_of(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4.7.1 greylisted, try again later",
        "4.7.28 more than 100 messages per 10 minutes",
        "too many connections in the last 60 seconds",
        "at most 20 mails every 15 minutes",
        "see http://plum.example/help/5-minutes",
        "<5minutes@plum.example> not now",
        "4.3.2 at 12:30:00 the system was shut down",
        "450 4.1.1 unverified address",
        "wait a few minutes",
        "mit 12 Stundenkilometern",
    ],
)
def test_where_no_time_to_wait_is_named_there_is_none(text):
    assert hint_of(text) is None


@given(st.text(max_size=600))
def test_any_text_can_be_read(text):
    found = hint_of(text)
    assert found is None or found >= 0


@given(st.integers(1, 600), st.sampled_from([("seconds", 1), ("minutes", 60), ("hours", 3600)]))
def test_every_number_of_every_unit_is_read(number, unit):
    name, seconds = unit
    assert hint_of(f"451 4.7.1 greylisted, come back in {number} {name}") == number * seconds
