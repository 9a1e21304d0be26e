import dnslib
import pytest

from sandbox.internet.packets import Found, answer_packet

KNOWN = {
    "plum.sandbox": Found(hosts=("mx1.plum.sandbox", "mx2.plum.sandbox")),
    "mx1.plum.sandbox": Found(address="127.10.0.7"),
    "fig.sandbox": Found(is_null=True),
}


def ask(name: str, qtype: str) -> dnslib.DNSRecord:
    question = dnslib.DNSRecord.question(name, qtype)
    packet = answer_packet(bytes(question.pack()), KNOWN.get)
    answer = dnslib.DNSRecord.parse(packet)
    assert answer.header.id == question.header.id
    assert answer.q.qname == question.q.qname
    return answer


def test_a_domains_mail_hosts_come_best_first():
    exchanges = [(rr.rdata.preference, str(rr.rdata.label)) for rr in ask("Plum.Sandbox", "MX").rr]

    assert exchanges == [(0, "mx1.plum.sandbox."), (10, "mx2.plum.sandbox.")]


def test_a_host_has_its_address_and_no_other_kind():
    assert str(ask("mx1.plum.sandbox", "A").rr[0].rdata) == "127.10.0.7"
    assert ask("mx1.plum.sandbox", "AAAA").rr == []
    assert ask("mx1.plum.sandbox", "AAAA").header.rcode == 0


def test_a_null_mx_names_the_root():
    assert [str(rr.rdata.label) for rr in ask("fig.sandbox", "MX").rr] == ["."]


def test_an_unknown_name_does_not_exist():
    assert ask("nowhere.sandbox", "MX").header.rcode == 3


@pytest.mark.parametrize("packet", [b"", b"x" * 12, b"x" * 12 + b"\x03fig", b"x" * 12 + b"\0\0"])
def test_what_is_no_question_is_not_answered(packet):
    assert answer_packet(packet, KNOWN.get) is None
