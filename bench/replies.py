"""Measure the reply table on labelled replies: confusion table, accuracy, macro-F1, harmful errors.

`python bench/replies.py [CORPUS.jsonl] [--errors]`: our own set, replies.jsonl, and then the corpus named.
A line: code, text, expected; and where known enhanced, accept, provider, stage. A class in `accept` counts
as right, but not in the strict figure. Harmful is a refusal of us, a delay or a full mailbox taken for gone.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from engine.reply import classify

OWN = Path(__file__).with_name("replies.jsonl")
ALIVE = {"sender_blocked", "temporary", "mailbox_full"}
GONE = {"mailbox_missing", "mailbox_disabled", "domain_missing"}


class Case(NamedTuple):
    """One labelled reply: the class it has, the class we gave (leniently, strictly), and the reply itself."""

    expected: str
    given: str
    strict: str
    reply: dict[str, Any]

    @property
    def is_harmful(self) -> bool:
        """Whether somebody who may be there was taken for gone."""
        return self.expected in ALIVE and self.given in GONE


class Measures(NamedTuple):
    """What the table is worth on one set: shares and F1 from 0 to 1, the others counts."""

    replies: int
    accuracy: float
    macro_f1: float
    strict_f1: float
    harmful: int
    dead_found: float
    undecided: int


def cases_of(corpus: Path) -> list[Case]:
    """Read and classify every line of a set."""
    return [_case(json.loads(line)) for line in corpus.read_text("utf-8").splitlines() if line.strip()]


def _case(reply: dict[str, Any]) -> Case:
    reading = classify(
        reply["code"],
        reply["text"],
        reply.get("enhanced"),
        stage=reply.get("stage", "rcpt"),
        provider=reply.get("provider"),
    )
    given = reply["expected"] if reading.label in reply.get("accept", []) else reading.label
    return Case(reply["expected"], given, reading.label, reply)


def measure(cases: list[Case]) -> Measures:
    """Count and average what a set's cases came to."""
    dead = [case for case in cases if case.expected in GONE]
    return Measures(
        replies=len(cases),
        accuracy=sum(case.expected == case.given for case in cases) / len(cases),
        macro_f1=_macro_f1([(case.expected, case.given) for case in cases]),
        strict_f1=_macro_f1([(case.expected, case.strict) for case in cases]),
        harmful=sum(case.is_harmful for case in cases),
        dead_found=sum(case.given in GONE for case in dead) / max(len(dead), 1),
        undecided=sum(case.strict == "unclear" for case in cases),
    )


def _macro_f1(pairs: list[tuple[str, str]]) -> float:
    """Average the F1 of the classes that the set has; a pair is (expected, given)."""
    classes = {expected for expected, _ in pairs}
    return sum(_f1(pairs, name) for name in classes) / len(classes)


def _f1(pairs: list[tuple[str, str]], name: str) -> float:
    hits = sum(pair == (name, name) for pair in pairs)
    named = sum(name == expected for expected, _ in pairs) + sum(name == given for _, given in pairs)
    return 2 * hits / named


def print_confusion(cases: list[Case]) -> None:
    """Print expected classes down, given classes across, with each class's F1."""
    pairs = [(case.expected, case.given) for case in cases]
    counts = Counter(pairs)
    names = sorted({name for pair in pairs for name in pair})
    print(f"{'expected / given':16}" + "".join(f"{name:>18}" for name in names) + "       F1")
    for name in sorted({expected for expected, _ in pairs}):
        cells = "".join(f"{counts[name, other]:>18}" for other in names)
        print(f"{name:16}{cells}  {_f1(pairs, name):7.3f}")


def print_measures(found: Measures) -> None:
    """Print one set's figures in two lines."""
    print(f"replies {found.replies}  accuracy {found.accuracy:.1%}  ", end="")
    print(f"macro-F1 {found.macro_f1:.3f} (strict {found.strict_f1:.3f})")
    print(f"harmful {found.harmful} ({found.harmful / found.replies:.1%})  ", end="")
    print(f"dead addresses recognised {found.dead_found:.1%}  undecided {found.undecided}")


def print_errors(cases: list[Case]) -> None:
    """Print each reply that was taken wrongly."""
    for case in cases:
        if case.expected != case.given:
            code, enhanced, text = (case.reply.get(part) for part in ("code", "enhanced", "text"))
            print(f"{case.expected} taken as {case.strict}: {code} {enhanced or ''} {str(text)[:150]}")


def main() -> None:
    """Print the measures of our own set and of the corpus named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="*", help="further sets of labelled replies")
    parser.add_argument(
        "--errors", action="store_true", help="print every reply taken wrongly, not only harm"
    )
    asked = parser.parse_args()
    for corpus in (OWN, *asked.corpus):
        cases = cases_of(corpus)
        print(f"--- {corpus.name}")
        print_confusion(cases)
        print_measures(measure(cases))
        print_errors(cases if asked.errors else [case for case in cases if case.is_harmful])


if __name__ == "__main__":
    main()
