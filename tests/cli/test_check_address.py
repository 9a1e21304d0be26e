"""`winnow check`: one address, in words and as JSON."""

import json


def test_check_tells_of_one_address(winnow, serve_world, environment_for):
    sandbox = serve_world(7, 12, "plain")
    address = next(each for each in sandbox.world.addresses if sandbox.world.truth(each).status == "valid")
    done = winnow("check", address, "--json", environment=environment_for(sandbox))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["status"] == "valid"
    spoken = winnow("check", address, environment=environment_for(sandbox))
    assert "valid" in spoken.stdout
    assert "RCPT TO" in spoken.stdout


def test_the_user_s_lists_beside_the_database_are_used(winnow, serve_world, environment_for, tmp_path):
    sandbox = serve_world(7, 12, "plain")
    address = next(each for each in sandbox.world.addresses if sandbox.world.truth(each).status == "valid")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "disposable_domains.txt").write_text(address.rpartition("@")[2], encoding="utf-8")
    done = winnow("check", address, "--json", environment=environment_for(sandbox))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["reason"] == "disposable"
    assert sandbox.counters().rcpts == 0


def test_what_is_no_address_is_told_without_asking_anybody(winnow):
    done = winnow("check", "no address", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["status"], told["reason"], told["trace"]) == ("invalid", "malformed", [])


def test_an_unusable_setting_is_one_clear_line(winnow):
    done = winnow("check", "pear@orchard.sandbox", environment={"SMTP_PORT": "pear"})
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("winnow: ")
    assert "SMTP_PORT" in line
