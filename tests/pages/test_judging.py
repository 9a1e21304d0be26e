"""Lists judged again beside the pages."""

from engine.policy import Policy, Weight
from engine.work_queue import StoreFails
from pages.parts.judging import Judgings, judgings, show_judging, use_policy
from storage.policies import NamedPolicy, policy_of_list

STRICT = NamedPolicy("Orchard", Policy(role=Weight.INVALID))


class Unwritable:
    """A database whose disk is full."""

    def writing(self):
        raise StoreFails("The database cannot be used just now: disk full")


def test_a_list_has_its_policy_when_the_thread_is_done_and_is_under_way_no_more(runtime, save):
    upload = save("info@orchard.sandbox")
    under_way = Judgings()
    under_way.begin(runtime.database, upload, STRICT).join()
    assert under_way.share(upload) is None
    assert policy_of_list(runtime.database, upload) == STRICT


def test_a_list_is_under_way_from_the_moment_it_is_begun(runtime, save):
    upload = save("info@orchard.sandbox")
    under_way = Judgings()
    with runtime.database.writing():
        thread = under_way.begin(runtime.database, upload, STRICT)
        assert under_way.share(upload) == 0.0
    thread.join()
    assert under_way.share(upload) is None


def test_a_disk_that_is_full_leaves_nothing_under_way():
    under_way = Judgings()
    under_way.begin(Unwritable(), 1, STRICT).join()
    assert under_way.share(1) is None


def test_a_small_list_is_done_when_the_page_goes_on(runtime, save, session):
    upload = save("info@orchard.sandbox")
    use_policy(runtime, upload, STRICT)
    assert judgings.share(upload) is None
    assert not show_judging(upload)
    assert policy_of_list(runtime.database, upload) == STRICT
