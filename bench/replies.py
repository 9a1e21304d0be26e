"""Measure the reply table on a corpus of labelled replies: confusion table, macro-F1, harmful errors.

`python bench/replies.py CORPUS.jsonl [--errors]`; a line: code, enhanced, text, expected, accept, provider.
A class in `accept` counts as right. Harmful is a refusal of us, a delay or a full mailbox taken for gone.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from engine.reply import classify

HARMLESS = {"sender_blocked", "temporary", "mailbox_full"}
GONE = {"mailbox_missing", "mailbox_disabled", "domain_missing"}


class Case(NamedTuple):
    """One labelled reply: the class it has, the class we gave, and the reply itself."""

    expected: str
    given: str
    strict: str
    reply: dict[str, Any]


def cases_of(corpus: Path) -> list[Case]:
    """Read and classify every line of the corpus."""
    return [_case(json.loads(line)) for line in corpus.read_text("utf-8").splitlines() if line.strip()]


def _case(reply: dict[str, Any]) -> Case:
    strict = classify(
        reply["code"], reply["text"], reply.get("enhanced"), provider=reply.get("provider")
    ).label
    given = reply["expected"] if strict in reply.get("accept", []) else strict
    return Case(reply["expected"], given, strict, reply)


def macro_f1(pairs: list[tuple[str, str]]) -> float:
    """Average the F1 of the classes that the corpus has; a pair is (expected, given)."""
    classes = {expected for expected, _ in pairs}
    return sum(_f1(pairs, name) for name in classes) / len(classes)


def _f1(pairs: list[tuple[str, str]], name: str) -> float:
    hits = sum(pair == (name, name) for pair in pairs)
    named = sum(name == expected for expected, _ in pairs) + sum(name == given for _, given in pairs)
    return 2 * hits / named


def print_confusion(pairs: list[tuple[str, str]]) -> None:
    """Print expected classes down, given classes across, with each class's F1."""
    counts = Counter(pairs)
    names = sorted({name for pair in pairs for name in pair})
    print(f"{'expected / given':18}" + "".join(f"{name[-9:]:>11}" for name in names) + "       F1")
    for name in sorted({expected for expected, _ in pairs}):
        cells = "".join(f"{counts[name, other]:>11}" for other in names)
        print(f"{name:18}{cells}  {_f1(pairs, name):7.3f}")


def main() -> None:
    """Print the measures of one corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--errors", action="store_true", help="also print every reply taken wrongly")
    asked = parser.parse_args()
    cases = cases_of(asked.corpus)
    pairs = [(case.expected, case.given) for case in cases]
    harmful = [case for case in cases if case.expected in HARMLESS and case.given in GONE]
    print_confusion(pairs)
    print(f"replies {len(cases)}  macro-F1 {macro_f1(pairs):.3f}", end="  ")
    print(f"strict {macro_f1([(case.expected, case.strict) for case in cases]):.3f}", end="  ")
    print(f"harmful {len(harmful)}  undecided {sum(case.strict == 'unclear' for case in cases)}")
    for case in cases if asked.errors else harmful:
        if case.expected != case.given:
            code, enhanced, text = (case.reply.get(part) for part in ("code", "enhanced", "text"))
            print(f"{case.expected} taken as {case.strict}: {code} {enhanced} {str(text)[:150]}")


if __name__ == "__main__":
    main()
