"""Colours: seen on a light and on a dark ground, and told apart by whoever sees no red or no green.

Contrast is WCAG 2.2's; colour blindness is simulated after Machado, Oliveira and Fernandes (2009).
"""

import math
import tomllib
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest

from engine.verdict import Status
from pages.parts.colours import ACCENT, STATUS_COLOURS

THEME = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())["theme"]
CLEARLY_APART = 20
"""Delta E: ten times what is just to be seen."""

Light = tuple[float, float, float]
"""Red, green and blue, 0 to 1, in proportion to the light they give off."""

EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
"""What becomes of light, by whose eyes see it; the matrices of severity 1.0 (IEEE TVCG 15(6), 2009)."""

_TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)
_KNEE = (6 / 29) ** 3


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_xyz(light_of(one))[1], _xyz(light_of(other))[1]))
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, eye: str) -> float:
    """Delta E of CIE 1976, as the eye sees it; about 2 is just to be seen."""
    return math.dist(_lab(seen(light_of(one), eye)), _lab(seen(light_of(other), eye)))


def light_of(colour: str) -> Light:
    """Read "#rrggbb" (sRGB)."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return red, green, blue


def seen(light: Light, eye: str) -> Light:
    """Give the light that looks to usual eyes as this does to those."""
    red, green, blue = (min(1.0, max(0.0, part)) for part in _turned(EYES[eye], light))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _turned(matrix: Sequence[Sequence[float]], light: Sequence[float]) -> list[float]:
    return [sum(weight * part for weight, part in zip(row, light, strict=True)) for row in matrix]


def _xyz(light: Light) -> list[float]:
    return _turned(_TO_XYZ, light)


def _lab(light: Light) -> Light:
    x, y, z = (_bent(part / white) for part, white in zip(_xyz(light), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _bent(part: float) -> float:
    return part ** (1 / 3) if part > _KNEE else part / (3 * (6 / 29) ** 2) + 4 / 29


def test_every_status_has_a_colour_of_its_own():
    assert set(STATUS_COLOURS) == set(Status)
    assert len(set(STATUS_COLOURS.values())) == len(Status)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", [*STATUS_COLOURS.values(), ACCENT])
def test_every_colour_of_a_chart_stands_out_from_the_ground(theme: str, colour: str):
    assert contrast(colour, THEME[theme]["backgroundColor"]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("written", ["textColor", "linkColor"])
def test_text_and_links_can_be_read_on_every_ground(theme: str, ground: str, written: str):
    assert contrast(THEME[theme][written], THEME[theme][ground]) >= 4.5


@pytest.mark.parametrize("eye", EYES)
def test_no_two_statuses_look_alike_to_any_eye(eye: str):
    apart = {pair: distance(*pair, eye) for pair in combinations(STATUS_COLOURS.values(), 2)}
    assert min(apart.values()) >= CLEARLY_APART, min(apart.items(), key=lambda item: item[1])


def test_red_and_green_of_like_lightness_are_told_from_each_other_by_usual_eyes_alone():
    """What the distance is measured with does see what it should."""
    red, green = "#b0562f", "#6f7a1d"
    assert distance(red, green, "usual") > 2 * distance(red, green, "deuteranopia")


def test_white_and_black_look_the_same_to_all_eyes():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    for eye in EYES:
        assert seen(light_of("#ffffff"), eye) == pytest.approx((1, 1, 1), abs=1e-5)
        assert seen(light_of("#000000"), eye) == (0, 0, 0)
