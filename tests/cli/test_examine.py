"""`winnow doctor`: how this machine stands, with an exit code by its worst light."""

import json

import pytest

from cli.examine import DNS_ONLY, LAMPS
from engine.block_list import askable_block_lists
from engine.preflight.line import Check, Light
from sandbox import Domain, Sandbox, world_of
from sandbox.names import Records

OURS, OUR_NAME, ENTRY = "127.0.0.1", "winnow.sandbox", "127.0.0.2"
SPF = f"v=spf1 ip4:{OURS} -all"
CLOSED = {
    "shut.sandbox": Records(mx=((10, "mx.shut.sandbox"),)),
    "mx.shut.sandbox": Records(a=("127.99.0.1",)),
}
ESCAPE = "\x1b["


def names_in_order(spf=SPF):
    """Give a DNS in which everything about our address is in order."""
    listed = {f"2.0.0.127.{each.zone}": Records(a=(ENTRY,)) for each in askable_block_lists()}
    own = Records(a=(OURS,), mx=((10, "mx.plum.sandbox"),), txt=(spf,) if spf else ())
    return {OUR_NAME: own, "1.0.0.127.in-addr.arpa": Records(ptr=(OUR_NAME,)), **listed}


@pytest.fixture
def look(winnow, environment_for):
    """Run `winnow doctor` in a sandbox of one domain and these DNS names."""

    def run(*arguments, names, environment=None, afresh=False):
        with Sandbox(world_of([Domain("plum.sandbox")], names=names)) as sandbox:
            settings = environment_for(sandbox) | (environment or {})
            return winnow(
                "doctor", "--domain", "plum.sandbox", *arguments, environment=settings, afresh=afresh
            )

    return run


def heads(told):
    """Give how each finding's line begins."""
    return [line.partition(":")[0] for line in told.stdout.splitlines() if not line.startswith("  ")]


def head(light):
    return f"{LAMPS[light].sign} {LAMPS[light].word}"


def test_a_machine_in_order_is_told_so_line_by_line(look):
    told = look(names=names_in_order())
    assert (told.returncode, told.stderr) == (0, "")
    assert heads(told) == [head(Light.GREEN)] * len(Check)
    assert "What to do" not in told.stdout


def test_what_only_some_hosts_mind_is_no_failure(look):
    told = look(names=names_in_order(spf=""))
    assert told.returncode == 0, told.stdout
    assert sorted(heads(told)) == sorted([head(Light.AMBER)] + [head(Light.GREEN)] * (len(Check) - 1))


def test_what_must_be_mended_first_is_a_failure_with_what_to_do(look):
    told = look(names={})
    assert (told.returncode, told.stderr) == (1, "")
    assert head(Light.RED) in heads(told)
    assert "  What to do: Ask whoever gave you the address" in told.stdout


def test_a_closed_port_is_told_with_what_dns_alone_can_and_cannot_tell(winnow, environment_for):
    with Sandbox(world_of([Domain("plum.sandbox")], names=CLOSED)) as sandbox:
        told = winnow("doctor", "--domain", "shut.sandbox", environment=environment_for(sandbox))
    assert told.returncode == 1
    said = " ".join(told.stdout.split())
    assert "looks closed" in said
    assert said.endswith(DNS_ONLY)


def test_an_open_port_needs_no_word_on_dns_alone(look):
    assert "dns-only" not in look(names={}).stdout


def test_colours_are_for_a_terminal_only(look):
    assert ESCAPE not in look(names={}).stdout
    forced = {"FORCE_COLOR": "1", "TERM": "xterm"}
    assert ESCAPE in look(names={}, environment=forced, afresh=True).stdout


@pytest.mark.parametrize(("names", "light", "code"), [(names_in_order(), "green", 0), ({}, "red", 1)])
def test_as_json_all_is_told_with_the_same_exit_code(look, names, light, code):
    told = look("--json", names=names)
    assert told.returncode == code
    found = json.loads(told.stdout)
    assert (found["light"], found["is_port_open"]) == (light, True)
    assert [line["check"] for line in found["lines"]] == [check.value for check in Check]
    assert set(found["lines"][0]) == {"check", "light", "finding", "advice"}


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        ([], {"SMTP_PORT": "pear"}, "SMTP_PORT"),
        ([], {"RESOLVERS": "pear"}, "RESOLVERS"),
        (["--domain", "no domain"], {}, "'no domain' is not a domain"),
    ],
)
def test_what_a_person_can_mend_is_one_clear_line(winnow, arguments, environment, words):
    done = winnow("doctor", *arguments, environment=environment)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("winnow: ")
    assert words in line


def test_every_light_has_a_sign_and_a_word_of_its_own():
    lamps = [LAMPS[light] for light in Light]
    assert len({lamp.sign for lamp in lamps}) == len({lamp.word for lamp in lamps}) == len(Light)
