from engine.timetable import Timetable


def test_names_are_due_by_their_times_and_are_given_once():
    table = Timetable()
    for at, name in ((30.0, "plum"), (10.0, "fig"), (20.0, "pear")):
        table.add(at, name)
    assert table.first_at == 10.0
    assert table.due(20.0) == ["fig", "pear"]
    assert table.due(20.0) == []
    assert table.first_at == 30.0


def test_an_empty_one_has_no_first_time():
    assert Timetable().first_at is None
