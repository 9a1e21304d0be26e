import socket

import dnslib
import pytest

from sandbox import Answering, Domain, OwnHost
from sandbox.names import NULL_MX, Alias, NoAnswer, NoRoute, Records, find_mail

PLUM = Domain("plum.sandbox", spf="v=spf1 mx -all", dmarc="v=DMARC1; p=none", ttl=77)


def rdata(answer):
    return [str(rr.rdata) for rr in answer.rr]


def rcode(answer):
    return dnslib.RCODE[answer.header.rcode]


@pytest.mark.parametrize("is_tcp", [False, True])
def test_mx_a_and_txt_are_answered_with_their_ttl(serve, lookup, is_tcp):
    sandbox = serve(PLUM)
    host = next(iter(sandbox.world.hosts))

    mx = lookup(sandbox, "plum.sandbox", "MX", is_tcp=is_tcp)

    assert (rdata(mx), mx.rr[0].ttl) == (["10 mx.plum.sandbox."], 77)
    assert rdata(lookup(sandbox, "mx.plum.sandbox", "A", is_tcp=is_tcp)) == [host]
    assert rdata(lookup(sandbox, "plum.sandbox", "TXT", is_tcp=is_tcp)) == ['"v=spf1 mx -all"']
    assert rdata(lookup(sandbox, "_dmarc.plum.sandbox", "TXT", is_tcp=is_tcp)) == ['"v=DMARC1; p=none"']


def test_names_are_found_in_any_case_and_answered_as_asked(serve, lookup):
    answer = lookup(serve(PLUM), "PLUM.Sandbox", "MX")

    assert str(answer.q.qname) == "PLUM.Sandbox."
    assert str(answer.rr[0].rname) == "PLUM.Sandbox."


def test_aaaa_is_answered(serve, lookup):
    sandbox = serve(Domain("plum.sandbox", delivery=Answering(Records(aaaa=("::1",)))))

    assert rdata(lookup(sandbox, "plum.sandbox", "AAAA")) == ["::1"]
    assert find_mail(sandbox.world.zone, "plum.sandbox") == ("::1",)


def test_an_unknown_name_is_nxdomain_and_a_missing_type_is_nodata(serve, lookup):
    sandbox = serve(PLUM)

    unknown, missing = lookup(sandbox, "fig.sandbox", "MX"), lookup(sandbox, "plum.sandbox", "AAAA")

    assert (rcode(unknown), unknown.rr) == ("NXDOMAIN", [])
    assert (rcode(missing), missing.rr) == ("NOERROR", [])


@pytest.mark.parametrize(
    ("trouble", "word"),
    [(NoAnswer.SERVFAIL, "SERVFAIL"), (NoAnswer.REFUSED, "REFUSED"), (NoAnswer.NXDOMAIN, "NXDOMAIN")],
)
def test_a_domain_can_fail_in_the_dns(serve, lookup, trouble, word):
    sandbox = serve(Domain("sloe.sandbox", delivery=Answering(trouble)))

    assert rcode(lookup(sandbox, "sloe.sandbox", "MX")) == word


@pytest.mark.parametrize("is_tcp", [False, True])
def test_a_silent_name_gets_no_answer_while_others_do(serve, lookup, is_tcp):
    sandbox = serve(Domain("sloe.sandbox", delivery=Answering(NoAnswer.SILENCE)), PLUM)

    with pytest.raises(TimeoutError):
        lookup(sandbox, "sloe.sandbox", "MX", is_tcp=is_tcp, timeout=0.2)

    assert sandbox.counters().queries == {"MX sloe.sandbox": 1}
    assert rdata(lookup(sandbox, "plum.sandbox", "MX", is_tcp=is_tcp))


def test_null_mx_is_one_record_with_the_root(serve, lookup):
    sandbox = serve(Domain("fig.sandbox", delivery=Answering(Records(mx=NULL_MX))))

    assert rdata(lookup(sandbox, "fig.sandbox", "MX")) == ["0 ."]
    assert find_mail(sandbox.world.zone, "fig.sandbox") is NoRoute.NULL_MX


def test_an_implicit_mx_has_an_address_and_no_mx(serve, lookup, rcpt):
    sandbox = serve(Domain("fig.sandbox", delivery=OwnHost(is_implicit=True)))

    assert rdata(lookup(sandbox, "fig.sandbox", "MX")) == []
    assert rdata(lookup(sandbox, "fig.sandbox", "A")) == list(sandbox.world.hosts)
    assert rcpt(sandbox, "postmaster@fig.sandbox").startswith("250 ")


def test_an_mx_may_name_a_host_without_address(serve, lookup):
    nowhere = Records(mx=((10, "mx.nowhere.sandbox"),))
    sandbox = serve(Domain("fig.sandbox", delivery=Answering(nowhere)))

    assert rdata(lookup(sandbox, "fig.sandbox", "MX")) == ["10 mx.nowhere.sandbox."]
    assert rcode(lookup(sandbox, "mx.nowhere.sandbox", "A")) == "NXDOMAIN"
    assert find_mail(sandbox.world.zone, "fig.sandbox") is NoRoute.NO_MAIL_HOST


def test_an_mx_host_that_fails_in_the_dns_leaves_the_route_unknown(serve):
    mx = Records(mx=((10, "mx.sloe.sandbox"),))
    sandbox = serve(
        Domain("sloe.sandbox", delivery=Answering(mx)), names={"mx.sloe.sandbox": NoAnswer.SERVFAIL}
    )

    assert find_mail(sandbox.world.zone, "sloe.sandbox") is NoRoute.DNS_FAILED


def test_an_alias_is_answered_with_its_target_and_its_mail_is_taken_there(serve, lookup, rcpt):
    sandbox = serve(PLUM, Domain("damson.sandbox", delivery=Answering(Alias("plum.sandbox", ttl=5))))

    answer = lookup(sandbox, "damson.sandbox", "MX")

    assert rdata(answer) == ["plum.sandbox.", "10 mx.plum.sandbox."]
    assert [rr.ttl for rr in answer.rr] == [5, 77]
    assert rcpt(sandbox, "postmaster@damson.sandbox").startswith("250 ")


def test_aliases_that_go_round_in_circles_fail(serve, lookup):
    sandbox = serve(Domain("damson.sandbox", delivery=Answering(Alias("damson.sandbox"))))

    assert rcode(lookup(sandbox, "damson.sandbox", "A")) == "SERVFAIL"


def test_a_long_answer_is_truncated_over_udp_and_whole_over_tcp(serve, lookup):
    texts = tuple(f"{ordinal} " + "x" * 300 for ordinal in range(4))
    sandbox = serve(Domain("plum.sandbox", delivery=Answering(Records(txt=texts))))

    short = lookup(sandbox, "plum.sandbox", "TXT")

    assert (short.header.tc, short.rr, str(short.q.qname)) == (1, [], "plum.sandbox.")
    assert len(lookup(sandbox, "plum.sandbox", "TXT", is_tcp=True).rr) == 4
    wide = lookup(sandbox, "plum.sandbox", "TXT", udp_size=4096)
    assert (wide.header.tc, len(wide.rr)) == (0, 4)
    assert b"".join(wide.rr[0].rdata.data).decode() == texts[0]


def test_queries_are_counted_by_type_and_name(serve, lookup):
    sandbox = serve(PLUM)

    lookup(sandbox, "plum.sandbox", "MX")
    lookup(sandbox, "PLUM.sandbox", "MX", is_tcp=True)
    lookup(sandbox, "plum.sandbox", "A")

    assert sandbox.counters().queries == {"MX plum.sandbox": 2, "A plum.sandbox": 1}


def test_rubbish_is_a_format_error_and_the_server_goes_on(serve, lookup):
    sandbox = serve(PLUM)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.connect(("127.0.0.1", sandbox.dns_port))
        client.send(b"short")
        client.send(b"\x12\x34" + b"\x01\x00" + b"\x00\x01" + b"\x00" * 6 + b"\xff\xff")
        answer = dnslib.DNSRecord.parse(client.recv(512))

    assert (answer.header.id, rcode(answer)) == (0x1234, "FORMERR")
    assert rdata(lookup(sandbox, "plum.sandbox", "MX"))
