from engine.trace import Trace, clean


def test_a_trace_tells_who_said_what_in_order():
    trace = Trace()
    trace.note("connecting")
    trace.host("220 hello")
    trace.us("QUIT")

    assert [(line.speaker, line.text) for line in trace.lines] == [
        ("note", "connecting"), ("host", "220 hello"), ("us", "QUIT"),
    ]  # fmt: skip
    assert [line.at_ms for line in trace.lines] == sorted(line.at_ms for line in trace.lines)


def test_the_lines_of_one_recipient_can_be_taken_out():
    trace = Trace()
    for text in ("EHLO", "RCPT", "QUIT"):
        trace.us(text)

    assert [line.text for line in trace.since(1)] == ["RCPT", "QUIT"]
    trace.cut(1)
    assert [line.text for line in trace.lines] == ["EHLO"]


def test_a_hosts_text_is_made_storable():
    assert clean("no\x00\x1b[1m \udcff\nway" + "y" * 600).startswith("no  [1m ?\nwayyy")
    assert len(clean("y" * 600)) == 512
    clean("\udc80 Größe 用户").encode()
