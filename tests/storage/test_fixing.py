"""A list kept once more with its mistyped domains corrected."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from engine.intake.correction import Correction
from engine.never_probed import parse_listed
from engine.policy import Policy
from storage.catalogue import LONGEST_NAME, rename_list
from storage.exports import Export, export_header, export_rows
from storage.fixing import fix_slips, may_fix, plan_fixing
from storage.never_probed import Origin, write_lines
from storage.policies import NamedPolicy
from storage.runs import cancel_upload
from storage.summaries import standings, summarise


def _fix(desk, upload, *tell):
    """Keep a list with its slips corrected, or give the list where that was done before; None without any."""
    plan = plan_fixing(desk.database, upload)
    if plan is None or not plan.slips:
        return None
    return fix_slips(desk.database, plan, *tell) if plan.earlier is None else plan.earlier


def _asked_at(desk, upload):
    """Give what each row of a list is corrected to."""
    rows = desk.rows("SELECT corrected FROM entry WHERE upload_id = :u ORDER BY row, ordinal", u=upload)
    return [corrected for (corrected,) in rows]


def test_the_new_list_has_the_same_rows_and_asks_the_right_domains(desk):
    upload = desk.save("n,email", "1,plum@gmial.com", "2,fig@orchard.com", "3,")
    fixed = _fix(desk, upload)
    assert fixed is not None
    rows = list(export_rows(desk.database, Export(fixed, columns=("email",))))
    header = export_header(desk.database, Export(fixed, columns=("email",)))
    assert header == ["n", "email", "corrected_email"]
    assert rows == [["1", "plum@gmial.com", "plum@gmail.com"], ["2", "fig@orchard.com", ""], ["3", "", ""]]
    old, new = (summarise(desk.database, each) for each in (upload, fixed))
    assert (new.header, new.address_columns, new.standing.rows) == (old.header, old.address_columns, 3)
    assert new.standing.title.endswith(", corrected")


def test_the_new_list_is_known_to_come_from_the_same_file(desk):
    fixed = _fix(desk, desk.save("plum@gmial.com"))
    assert fixed is not None
    first, second = desk.rows("SELECT sha256 FROM upload ORDER BY id")
    assert first == second != ("",)


def test_a_list_without_a_slip_is_not_kept_again(desk):
    assert _fix(desk, desk.save("plum@orchard.com")) is None
    assert _fix(desk, 99) is None


def test_what_was_corrected_before_stays_corrected(desk):
    fixed_before = (Correction("gmial.com", "gmail.com"),)
    cells = ("Plum <plum@GMIAL.com>", "fig@gmial.com; pear@hotnail.com")
    upload = desk.save("email", *cells, corrections=fixed_before)
    assert _asked_at(desk, upload) == ["plum@gmail.com", "fig@gmail.com", ""]
    fixed = _fix(desk, upload)
    assert _asked_at(desk, fixed) == ["plum@gmail.com", "fig@gmail.com", "pear@hotmail.com"]


def test_answers_that_hold_are_not_asked_for_again_though_the_list_itself_asked_for_all(desk):
    upload = desk.save("plum@gmial.com", "fig@orchard.com", reuse_days=0.0)
    fixed = _fix(desk, upload)
    assert summarise(desk.database, fixed).standing.reuse_days is None


OWN = NamedPolicy("Orchard", Policy(never_probed_domains=("gmial.com",)))


@pytest.mark.parametrize("line", ["gmial.com", "plum@gmial.com"])
def test_nobody_is_fixed_who_is_on_the_never_probe_list(desk, line):
    upload = desk.begin("plum@gmial.com")
    write_lines(desk.database, [parse_listed(line)], Origin())
    assert _fix(desk, upload) is None


def test_nobody_is_fixed_whom_the_policy_of_the_list_lets_nobody_ask_about(desk):
    assert _fix(desk, desk.save("plum@gmial.com", policy=OWN)) is None


def test_nobody_is_fixed_who_was_not_to_be_asked_about_when_the_list_was_checked(desk):
    upload = desk.begin("plum@gmial.com", "pear@hotnail.com", policy=OWN)
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET policy = '{}'")
    fixed = _fix(desk, upload)
    assert _asked_at(desk, fixed) == ["", "pear@hotmail.com"]


def test_a_list_that_was_fixed_before_is_found_again_unless_it_was_cancelled(desk):
    upload = desk.save("plum@gmial.com")
    fixed = _fix(desk, upload)
    assert _fix(desk, upload) == fixed
    assert len(standings(desk.database)) == 2
    cancel_upload(desk.database, fixed, desk.settings)
    assert _fix(desk, upload) not in {None, fixed}


def test_who_waits_hears_how_far_it_is(desk):
    heard = []
    _fix(desk, desk.save("plum@gmial.com", "fig@orchard.com"), heard.append)
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0.0, 1.0)


def test_a_list_may_be_fixed_where_a_domain_is_surely_a_known_one_mistyped(desk):
    assert may_fix(desk.database, desk.save("plum@orchard.com", "plum@gmial.com"))
    assert not may_fix(desk.database, desk.save("plum@orchard.con", "fig@orchard.com"))


def test_it_is_told_before_what_a_new_list_would_hold(desk):
    upload = desk.save(
        "email", "plum@gmial.com", "fig@gmial.com", "pear@hotnail.com", "a@b@c", "kiwi@mill.com"
    )
    write_lines(desk.database, [parse_listed("fig@gmial.com")], Origin())
    plan = plan_fixing(desk.database, upload)
    assert [(each.correction, each.addresses) for each in plan.slips] == [
        (Correction("gmial.com", "gmail.com"), 1),
        (Correction("hotnail.com", "hotmail.com"), 1),
    ]
    assert (plan.addresses, plan.held, plan.rows) == (2, 1, 5)
    assert plan.title == "fruits, corrected"
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET sheet_name = 'May'")
    assert plan_fixing(desk.database, upload).title == "fruits (May), corrected"
    assert plan.earlier is None
    assert len(standings(desk.database)) == 1, "nothing is kept yet"


def test_a_domain_that_turned_out_to_have_mail_hosts_is_not_corrected_with_others(desk):
    upload = desk.begin("plum@hotnail.com", "fig@gmial.com")
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE entry SET status = 'invalid', flags = 8 WHERE text LIKE 'fig%'")
        connection.exec_driver_sql("UPDATE entry SET status = 'valid' WHERE text LIKE 'plum%'")
    (slip,) = plan_fixing(desk.database, upload).slips
    assert slip.correction.wrong == "gmial.com"


def test_a_long_name_keeps_its_end_that_says_what_it_is(desk):
    upload = desk.save("plum@gmial.com")
    rename_list(desk.database, upload, "n" * LONGEST_NAME)
    title = plan_fixing(desk.database, upload).title
    assert title.endswith(", corrected")
    assert len(title) == LONGEST_NAME


def test_a_domain_with_more_of_a_status_than_is_flagged_is_no_slip(desk):
    upload = desk.begin("plum@hotnail.com", "pear@orchard.com")
    assert sorted(desk.finish()) == ["pear@orchard.com", "plum@hotnail.com"]
    assert not may_fix(desk.database, upload), "a domain with mail hosts of its own is meant"


def test_where_too_many_domains_are_to_be_looked_at_a_list_may_be_fixed(desk, monkeypatch):
    upload = desk.save("plum@orchard.com", "fig@mill.com")
    monkeypatch.setattr("storage.fixing.MOST_LOOKED_AT", 3)
    assert not may_fix(desk.database, upload)
    monkeypatch.setattr("storage.fixing.MOST_LOOKED_AT", 2)
    assert may_fix(desk.database, upload)


def test_a_new_list_that_is_being_saved_is_found_and_not_made_again(desk):
    upload = desk.save("plum@gmial.com")
    plan, seen = plan_fixing(desk.database, upload), []

    def look(share):
        if share > 0.5:
            seen.append((plan_fixing(desk.database, upload).earlier, fix_slips(desk.database, plan)))

    fixed = fix_slips(desk.database, plan, look)
    assert seen == [(fixed, fixed)]
    assert len(standings(desk.database)) == 2


def test_two_visitors_who_fix_the_same_list_at_once_get_one_new_list(desk):
    upload = desk.save("plum@gmial.com", "fig@orchard.com")
    plan, both_read = plan_fixing(desk.database, upload), Barrier(2)

    def read_first(share):
        if share == 0.0:
            both_read.wait(10)

    with ThreadPoolExecutor(2) as visitors:
        made = set(visitors.map(lambda _: fix_slips(desk.database, plan, read_first), range(2)))
    assert len(made) == 1
    assert len(standings(desk.database)) == 2


def test_a_new_list_whose_saving_broke_off_is_made_anew(desk):
    upload = desk.save("plum@gmial.com")
    broken = _fix(desk, upload)
    with desk.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE upload SET state = 'reading', read_at = 1 WHERE id = {broken}")
    assert _fix(desk, upload) not in {None, broken}
