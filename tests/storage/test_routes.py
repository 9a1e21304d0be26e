"""What is known of domains is written where it is news, and only then."""

from dataclasses import replace

from engine.verdict import AcceptAll


def _writes(desk, *outcomes) -> list[str]:
    """Settle, and give the statements that wrote to domains."""
    seen: list[str] = []
    with desk.database.writing() as connection:
        driver = connection.connection.driver_connection
    driver.set_trace_callback(seen.append)  # all that is written goes by this one connection
    try:
        desk.settle(*outcomes)
    finally:
        driver.set_trace_callback(None)
    assert any("UPDATE mailbox" in each for each in seen)
    return [each for each in seen if "UPDATE domain SET facts" in each]


def test_a_batch_that_learned_nothing_of_its_domain_writes_nothing_of_it(desk):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    assert _writes(desk, desk.answer(batch)) == []


def test_what_a_batch_learned_is_written(desk):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    learned = replace(batch.domain, offers_tls=True)
    assert len(_writes(desk, replace(desk.answer(batch), domain=learned))) == 1
    assert desk.value("SELECT offers_tls FROM domain") == 1


def test_of_two_batches_of_a_domain_that_are_written_together_the_later_one_is_believed(desk):
    desk.begin("pear@orchard.com", "plum@orchard.com")
    (batch,) = desk.claim()
    first, second = (replace(batch, recipients=(each,)) for each in batch.recipients)
    desk.settle(
        replace(desk.answer(first), domain=replace(batch.domain, accept_all=AcceptAll.NO, portion=7)),
        replace(desk.answer(second), domain=replace(batch.domain, accept_all=AcceptAll.YES)),
    )
    assert desk.rows("SELECT accept_all, needs_probe FROM domain") == [("yes", 0)]
    assert desk.value("SELECT count(*) FROM mailbox WHERE state = 'settled'") == 2


def test_a_domain_that_answers_for_all_its_mailboxes_leaves_the_lanes_where_hosts_are_asked(desk):
    desk.begin("pear@orchard.com", "plum@orchard.com")
    (batch,) = desk.claim()
    assert desk.value("SELECT lane FROM domain") == ""
    learned = replace(batch.domain, accept_all=AcceptAll.YES)
    desk.settle(replace(desk.answer(batch), domain=learned))
    assert (desk.value("SELECT lane FROM domain"), desk.value("SELECT needs_probe FROM domain")) == ("-", 0)
