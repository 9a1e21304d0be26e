"""`winnow policy`: kept, printed, forgotten, and given to a list without asking anybody."""

import json

import pytest

from sandbox import sample_rows, write_csv


@pytest.fixture
def policy(winnow):
    """Run `winnow policy`."""
    return lambda *arguments, **options: winnow("policy", *arguments, **options)


def test_policies_are_set_and_listed_beside_the_usual_one(policy):
    done = policy("set", "Orchard", "role=kept", "accept-all=invalid")
    assert (done.returncode, done.stdout) == (0, "Orchard: accept-all=invalid role=kept\n")
    policy("set", "Mill")
    assert policy("list").stdout.splitlines() == [
        "usual: as usual",
        "Mill: as usual",
        "Orchard: accept-all=invalid role=kept",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set", "Orchard", "role=bad"), "role may be kept, risky or invalid"),
        (("set", "usual", "role=kept"), "stays as it is; choose another name"),
        (("remove", "Orchard"), "there is no policy called 'Orchard'"),
        (("apply", "Orchard", 1), "there is no policy called 'Orchard'"),
        (("apply", "usual", 7), "there is no list number 7"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(policy, arguments, said):
    done = policy(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("winnow: ")
    assert said in line


def test_a_client_has_one_policy_however_its_name_is_spelt(policy):
    policy("set", "Orchard", "role=kept")
    done = policy("set", "orchard", "role=invalid")
    assert (done.returncode, done.stderr) == (2, "winnow: There is a policy called orchard already\n")
    assert policy("set", "Orchard", "free=risky").stdout == "Orchard: free=risky\n"
    assert policy("list").stdout.splitlines() == ["usual: as usual", "Orchard: free=risky"]


def test_a_forgotten_policy_is_gone(policy):
    policy("set", "Orchard")
    assert "stay as they are" in policy("remove", "Orchard").stderr
    assert policy("list").stdout == "usual: as usual\n"


def test_a_settled_list_is_judged_by_another_policy_and_back_without_asking_anybody(
    winnow, policy, serve_world, environment_for, tmp_path, rows_of
):
    sandbox = serve_world(5, 60, "plain", "role", "accept_all")
    write_csv(tmp_path / "in.csv", *sample_rows(sandbox.world, seed=5))
    environment = environment_for(sandbox)
    assert winnow("verify", "in.csv", "-o", "usual.csv", environment=environment).returncode == 0
    asked = sandbox.counters()
    policy("set", "Orchard", "role=invalid", "accept-all=invalid", environment=environment)

    verify = ("verify", "in.csv", "--json", "-o")
    theirs = winnow(*verify, "theirs.csv", "--policy", "Orchard", environment=environment)
    figures = json.loads(theirs.stdout)
    assert (figures["risky"], figures["accept_all"]) == (0, 0)
    kept = winnow(*verify, "kept.csv", environment=environment)
    assert kept.stdout == theirs.stdout, "a list keeps the policy it was given"

    back = policy("apply", "usual", figures["list"], environment=environment)
    assert "judged by the policy 'usual' now" in back.stderr
    assert winnow(*verify, "back.csv", environment=environment).returncode == 0
    assert rows_of(tmp_path / "back.csv") == rows_of(tmp_path / "usual.csv")
    again = sandbox.counters()
    assert (again.rcpts, again.connections_by_host) == (asked.rcpts, asked.connections_by_host)


def test_a_policy_nobody_has_set_is_refused_before_anything_is_asked(
    winnow, serve_world, environment_for, tmp_path
):
    sandbox = serve_world(5, 12, "plain")
    write_csv(tmp_path / "in.csv", *sample_rows(sandbox.world, seed=5))
    done = winnow(
        "verify", "in.csv", "-o", "out.csv", "--policy", "Orchard", environment=environment_for(sandbox)
    )
    assert done.returncode == 2
    assert "there is no policy called 'Orchard'" in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_verify_and_check_ask_nobody_whom_the_policy_they_name_lets_nobody_ask_about(
    winnow, policy, serve_world, environment_for, tmp_path
):
    sandbox = serve_world(5, 30, "plain")
    write_csv(tmp_path / "in.csv", *sample_rows(sandbox.world, seed=5))
    environment = environment_for(sandbox)
    domains = ",".join({each.rpartition("@")[2] for each in sandbox.world.addresses})
    policy("set", "Orchard", f"never-probed-domains={domains}", environment=environment)

    verify = ("verify", "in.csv", "-o", "out.csv", "--json", "--policy", "Orchard")
    figures = json.loads(winnow(*verify, environment=environment).stdout)
    assert (figures["valid"], figures["waiting"]) == (0, 0)
    check = ("check", sandbox.world.addresses[0], "--json", "--policy", "Orchard")
    assert json.loads(winnow(*check, environment=environment).stdout)["reason"] == "never_probed"
    counted = sandbox.counters()
    assert (counted.queries, counted.connections_by_host) == ({}, {})


def test_a_check_is_judged_by_the_policy_it_names(winnow, policy, serve_world, environment_for):
    sandbox = serve_world(5, 12, "role")
    environment = environment_for(sandbox)
    policy("set", "Orchard", "role=kept", environment=environment)
    address = sandbox.world.addresses[0]

    usual = json.loads(winnow("check", address, "--json", environment=environment).stdout)
    theirs = json.loads(
        winnow("check", address, "--policy", "Orchard", "--json", environment=environment).stdout
    )
    assert (usual["status"], theirs["status"]) == ("risky", "valid")
    assert theirs["marketer"].endswith("; your policy calls that valid.")


def test_a_list_is_judged_again_by_the_user_s_own_lists_too(
    winnow, policy, serve_world, environment_for, tmp_path, database_file
):
    sandbox = serve_world(5, 12, "plain")
    write_csv(tmp_path / "in.csv", *sample_rows(sandbox.world, seed=5))
    (database_file.parent / "lists").mkdir()
    own = database_file.parent / "lists" / "providers.toml"
    own.write_text('[[provider]]\nname = "other"\nyes = "worthless"\n')
    environment = environment_for(sandbox)
    done = winnow("verify", "in.csv", "-o", "out.csv", "--json", environment=environment)
    assert json.loads(done.stdout)["accept_all"] > 0

    policy("set", "Orchard", "full=kept", environment=environment)
    told = policy("apply", "Orchard", json.loads(done.stdout)["list"], environment=environment)
    assert "; 0 outcomes changed" in told.stderr
