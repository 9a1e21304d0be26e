"""The sandbox's DNS server: answers from a zone, over UDP and TCP (RFC 1035)."""

import asyncio
from collections.abc import Callable, Iterable
from typing import cast

import dnslib

from sandbox.counters import Tally
from sandbox.names import Alias, NoAnswer, Records, Zone, walk_aliases

PLAIN_LIMIT = 512
TCP_LIMIT = 65_535
HEADER_SIZE = 12
LENGTH_SIZE = 2
FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = 1, 2, 3, 4, 5
TEXT_PIECE = 255
_RCODES = {NoAnswer.NXDOMAIN: NXDOMAIN, NoAnswer.SERVFAIL: SERVFAIL, NoAnswer.REFUSED: REFUSED}
_Listing = Callable[[Records], Iterable[dnslib.RD]]
_LISTINGS: dict[int, _Listing] = {
    dnslib.QTYPE.MX: lambda node: [dnslib.MX(host, preference) for preference, host in node.mx],
    dnslib.QTYPE.A: lambda node: [dnslib.A(ip) for ip in node.a],
    dnslib.QTYPE.AAAA: lambda node: [dnslib.AAAA(ip) for ip in node.aaaa],
    dnslib.QTYPE.TXT: lambda node: [dnslib.TXT(_pieces(text)) for text in node.txt],
    dnslib.QTYPE.NS: lambda node: [dnslib.NS(server) for server in node.ns],
    dnslib.QTYPE.PTR: lambda node: [dnslib.PTR(name) for name in node.ptr],
}


class Nameserver:
    """Answers DNS packets from a zone, and counts the queries."""

    def __init__(self, zone: Zone, tally: Tally) -> None:
        self._zone = zone
        self._tally = tally

    def answer(self, packet: bytes, *, limit: int = 0) -> bytes | None:
        """Answer a packet within `limit` octets (0: what the client says it takes); None is silence."""
        try:
            query = dnslib.DNSRecord.parse(packet)
        except (dnslib.DNSError, ValueError):
            return _format_error(packet)
        if query.header.qr or not query.questions:
            return None
        response = self._respond(query)
        return None if response is None else _fit(query, response, limit or _udp_limit(query))

    def _respond(self, query: dnslib.DNSRecord) -> dnslib.DNSRecord | None:
        """Build the whole response; None for a name that is silent."""
        response = query.reply()
        if query.header.opcode != dnslib.OPCODE.QUERY:
            response.header.rcode = NOTIMP
            return response
        name = str(query.q.qname).rstrip(".").lower()
        self._tally.add_query(str(dnslib.QTYPE[query.q.qtype]), name)
        if any(rr.rtype == dnslib.QTYPE.OPT for rr in query.ar):
            response.add_ar(dnslib.EDNS0(udp_len=TCP_LIMIT))
        return self._fill(response, name, query.q.qtype)

    def _fill(self, response: dnslib.DNSRecord, name: str, qtype: int) -> dnslib.DNSRecord | None:
        asked = response.q.qname
        for found, node in walk_aliases(self._zone, name):
            owner = asked if found == name else found
            if node is NoAnswer.SILENCE:
                return None
            if isinstance(node, NoAnswer):
                response.header.rcode = _RCODES[node]
                break
            _add_records(response, owner, node, qtype)
            if qtype == dnslib.QTYPE.CNAME:
                break
        return response


def _add_records(response: dnslib.DNSRecord, owner: str, node: Records | Alias, qtype: int) -> None:
    if isinstance(node, Alias):
        alias = dnslib.CNAME(node.target)
        response.add_answer(dnslib.RR(owner, dnslib.QTYPE.CNAME, ttl=node.ttl, rdata=alias))
        return
    listing = _LISTINGS.get(qtype)
    for rdata in listing(node) if listing else ():
        response.add_answer(dnslib.RR(owner, qtype, ttl=node.ttl, rdata=rdata))


def _pieces(text: str) -> list[bytes]:
    """Cut a text into the strings of a TXT record, at most 255 octets each (RFC 1035, 3.3.14)."""
    octets = text.encode()
    return [octets[start : start + TEXT_PIECE] for start in range(0, max(len(octets), 1), TEXT_PIECE)]


def _udp_limit(query: dnslib.DNSRecord) -> int:
    """Say how much the client takes over UDP: 512 octets, or what EDNS says (RFC 6891, 6.2.3)."""
    sizes = (int(rr.rclass) for rr in query.ar if rr.rtype == dnslib.QTYPE.OPT)
    return max(PLAIN_LIMIT, next(sizes, PLAIN_LIMIT))


def _fit(query: dnslib.DNSRecord, response: dnslib.DNSRecord, limit: int) -> bytes:
    """Write the response, or the bare question with the truncation bit if it is longer than `limit`."""
    packed = bytes(response.pack())
    if len(packed) <= limit:
        return packed
    short = query.reply()
    short.header.tc = 1
    return bytes(short.pack())


def _format_error(packet: bytes) -> bytes | None:
    if len(packet) < HEADER_SIZE:
        return None
    header = dnslib.DNSHeader(id=int.from_bytes(packet[:2]), qr=1, rcode=FORMERR)
    return bytes(dnslib.DNSRecord(header).pack())


class DatagramDoor(asyncio.DatagramProtocol):
    """DNS over UDP."""

    def __init__(self, nameserver: Nameserver) -> None:
        self._nameserver = nameserver
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport to answer by."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one packet, unless its name is silent."""
        answer = self._nameserver.answer(data)
        if answer is not None and self._transport is not None:
            self._transport.sendto(answer, addr)


class StreamDoor(asyncio.Protocol):
    """DNS over one TCP connection, each packet after its length in two octets (RFC 1035, 4.2.2)."""

    def __init__(self, nameserver: Nameserver, connected: "set[StreamDoor]") -> None:
        self._nameserver = nameserver
        self._connected = connected
        self._heard = bytearray()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport to answer by."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connected.add(self)

    def data_received(self, data: bytes) -> None:
        """Answer each packet that is complete, unless its name is silent."""
        self._heard += data
        while (packet := self._take_packet()) is not None:
            answer = self._nameserver.answer(packet, limit=TCP_LIMIT)
            if answer is not None:
                self._transport.write(len(answer).to_bytes(2) + answer)

    def _take_packet(self) -> bytes | None:
        end = LENGTH_SIZE + int.from_bytes(self._heard[:LENGTH_SIZE])
        if len(self._heard) < end:
            return None
        packet = bytes(self._heard[LENGTH_SIZE:end])
        del self._heard[:end]
        return packet

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Note that the client has gone."""
        self._connected.discard(self)

    def stop(self) -> None:
        """Close because the sandbox stops."""
        self._transport.abort()
