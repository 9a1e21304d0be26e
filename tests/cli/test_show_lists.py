"""`winnow lists`: what there is of lists, what they say of a name, and what the user's own change."""

import pytest


@pytest.fixture
def own_list(tmp_path):
    """Write a list of the user's beside the database that the terminal's tests name."""

    def give(name, text):
        (tmp_path / "lists").mkdir(exist_ok=True)
        (tmp_path / "lists" / name).write_text(text, encoding="utf-8")

    return give


def test_every_list_is_told_with_what_the_user_changes(winnow, own_list, tmp_path):
    own_list("roles.txt", "orchardist\n-info\n")
    told = winnow("lists")
    assert (told.returncode, told.stderr) == (0, "")
    lines = {line.split()[0]: line for line in told.stdout.splitlines() if line.strip()}
    assert "+1 -1" in lines["roles.txt"]
    assert "+" not in lines["free_domains.txt"]
    assert f"{tmp_path}/lists" in told.stdout


def test_a_name_is_looked_up_in_the_lists_with_the_user_s_own(winnow, own_list):
    own_list("disposable_domains.txt", "orchard.sandbox\n")
    told = winnow("lists", "pear@orchard.sandbox")
    assert told.returncode == 0, told.stderr
    assert "orchard.sandbox is in disposable_domains.txt (yours)." in told.stdout.splitlines()
    assert "roles.txt" not in told.stdout


@pytest.mark.parametrize(
    ("name", "text"), [("typos.toml", "= plum"), ("replies.toml", '[[row]]\nmeaning = "plum"')]
)
@pytest.mark.parametrize("command", [["lists"], ["check", "pear@orchard.sandbox"], ["doctor"]])
def test_a_list_that_cannot_be_read_is_one_clear_line_whatever_was_asked(
    winnow, own_list, command, name, text
):
    own_list(name, text)
    done = winnow(*command)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("winnow: ")
    assert name in line


def test_an_unusable_setting_is_one_clear_line(winnow):
    done = winnow("lists", environment={"SMTP_PORT": "pear"})
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "SMTP_PORT" in line
