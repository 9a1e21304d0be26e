"""Values: as dataclasses.replace makes them, and fit to be keys."""

import dataclasses
from dataclasses import field

import pytest

from engine.value import replace, value


@value
class Pear:
    weight_g: int
    colour: str = "green"
    spots: tuple[int, ...] = field(default=(), hash=False)


@value
class Pip:
    number: int


def test_equal_values_are_one_key():
    assert len({Pear(120), Pear(120), Pear(121)}) == 2


def test_a_replaced_value_differs_in_what_is_named_and_in_nothing_else():
    pear = Pear(120, "red", (1, 2))

    changed = replace(pear, weight_g=90)

    assert changed == dataclasses.replace(pear, weight_g=90) == Pear(90, "red", (1, 2))
    assert pear == Pear(120, "red", (1, 2))


def test_a_value_of_one_field_can_be_replaced():
    assert replace(Pip(1), number=2) == Pip(2)


def test_a_field_that_there_is_not_cannot_be_replaced():
    with pytest.raises(TypeError, match="ripeness"):
        replace(Pear(120), ripeness=1)


def test_a_value_has_slots_and_takes_no_further_attribute():
    with pytest.raises(AttributeError):
        Pear(120).ripeness = 1
