"""A list kept once more with its mistyped domains corrected."""

from storage.exports import Export, export_header, export_rows
from storage.fixing import fix_slips
from storage.summaries import summarise


def test_the_new_list_has_the_same_rows_and_asks_the_right_domains(desk):
    upload = desk.save("n,email", "1,plum@gmial.com", "2,fig@orchard.com", "3,")
    fixed = fix_slips(desk.database, upload)
    assert fixed is not None
    assert fixed.addresses == 1
    rows = list(export_rows(desk.database, Export(fixed.upload, columns=("email",))))
    header = export_header(desk.database, Export(fixed.upload, columns=("email",)))
    assert header == ["n", "email", "corrected_email"]
    assert rows == [["1", "plum@gmial.com", "plum@gmail.com"], ["2", "fig@orchard.com", ""], ["3", "", ""]]
    old, new = (summarise(desk.database, each) for each in (upload, fixed.upload))
    assert (new.header, new.address_columns, new.standing.rows) == (old.header, old.address_columns, 3)
    assert new.standing.title.endswith(", corrected")


def test_a_list_without_a_slip_is_not_kept_again(desk):
    assert fix_slips(desk.database, desk.save("plum@orchard.com")) is None
    assert fix_slips(desk.database, 99) is None
