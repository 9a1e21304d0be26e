"""A ledger as steps that add up."""

from engine.verdict import LedgerLine
from pages.parts.ledger import ledger_steps, ledger_table, say_steps

LEDGER = (
    LedgerLine("the address is well-formed", 40),
    LedgerLine("a disposable domain", -60),
    LedgerLine("invalid: kept within 0 to 10", 30),
)


def test_the_steps_add_up_to_the_confidence():
    (steps,) = ledger_steps(LEDGER).data
    assert list(steps.x) == [40, -60, 30, None]
    assert list(steps.measure) == ["relative"] * 3 + ["total"]
    assert list(steps.text) == ["+40", "−60", "+30", "10"]
    assert steps.y[0] == "The address is<br>well-formed"


def test_picture_table_and_words_say_the_same():
    table = ledger_table(LEDGER)
    assert list(table["Points"]) == ["+40", "−60", "+30"]
    assert list(table["Confidence"]) == ["40", "−20", "10"]
    said = "The address is well-formed +40; A disposable domain −60; Invalid: kept within 0 to 10 +30"
    assert say_steps(LEDGER) == f"{said}; confidence 10 of 100."


def test_what_is_less_than_nothing_has_room_for_its_number():
    low, high = ledger_steps(LEDGER).layout.xaxis.range
    assert low < -20
    assert high > 40
    assert ledger_steps(LEDGER[:1]).layout.xaxis.range[0] == 0
