from sandbox.asking import Greylist, Grudges


def test_a_greylist_knows_how_long_ago_it_first_saw_three_together():
    greylist = Greylist()
    triplet = ("192.0.2.1", "verify@prober.sandbox", "fig@plum.sandbox")
    assert greylist.waited_s(triplet) == 0.0
    greylist.seen_at[triplet] -= 60.0
    assert greylist.waited_s(triplet) >= 60.0
    assert greylist.waited_s((*triplet[:2], "pear@plum.sandbox")) == 0.0


def test_hosts_of_one_name_have_had_enough_after_so_many_questions():
    grudges = Grudges()
    assert [grudges.held_s("harvest", 2) for _ in range(2)] == [None, None]
    assert grudges.held_s("harvest", 2) == 0.0
    grudges.since["harvest"] -= 60.0
    assert grudges.held_s("harvest", 2) >= 60.0
    assert grudges.held_s("mill", 2) is None
