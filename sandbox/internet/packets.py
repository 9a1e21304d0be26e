"""The DNS of the mail internet: packets answered octet by octet (RFC 1035), without building any object."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

HEADER_SIZE = 12
LABEL_LIMIT = 63
A, MX = 1, 15
NOERROR, NXDOMAIN = 0, 3
_ANSWER = b"\x85\x80"  # a response (QR), authoritative (AA), with recursion desired and available
_ASKED_NAME = b"\xc0\x0c"  # a pointer to the question's name
_CLASS_AND_TTL = b"\x00\x01\x00\x00\x01\x2c"  # IN, 300 s


@dataclass(frozen=True, slots=True)
class Found:
    """What the DNS holds of a name: mail hosts, best first, or an IPv4 address; `is_null` for RFC 7505."""

    hosts: Sequence[str] = ()
    address: str = ""
    is_null: bool = False


def answer_packet(packet: bytes, find: Callable[[str], Found | None]) -> bytes | None:
    """Answer a query by what `find` gives for its name, None where there is no such name."""
    end = packet.find(b"\0", HEADER_SIZE)
    question = packet[HEADER_SIZE : end + 5]
    if end < 0 or len(question) < end + 5 - HEADER_SIZE:
        return None
    found = find(_name_in(packet[HEADER_SIZE:end]))
    records = _records(found, int.from_bytes(packet[end + 1 : end + 3])) if found else []
    rcode = NOERROR if found else NXDOMAIN
    flags = _ANSWER[:1] + bytes((_ANSWER[1] | rcode,))
    counts = b"\x00\x01" + len(records).to_bytes(2) + bytes(4)
    return b"".join((packet[:2], flags, counts, question, *records))


def _name_in(labels: bytes) -> str:
    """Read a name off its labels, each after its length."""
    parts: list[str] = []
    at = 0
    while at < len(labels):
        parts.append(labels[at + 1 : at + 1 + labels[at]].decode("ascii", "replace"))
        at += 1 + labels[at]
    return ".".join(parts).lower()


def _records(found: Found, qtype: int) -> list[bytes]:
    if qtype == MX:
        targets = ("",) if found.is_null else found.hosts
        return [_record(MX, rdata) for rdata in _exchanges(targets)]
    if qtype == A and found.address:
        return [_record(A, bytes(map(int, found.address.split("."))))]
    return []


def _exchanges(hosts: Iterable[str]) -> Iterable[bytes]:
    return ((10 * place).to_bytes(2) + labels_of(host) for place, host in enumerate(hosts))


def labels_of(name: str) -> bytes:
    """Write a name as its labels, the root's last."""
    parts = [part.encode() for part in name.split(".") if part]
    return b"".join(bytes((min(len(part), LABEL_LIMIT),)) + part for part in parts) + b"\0"


def _record(rtype: int, rdata: bytes) -> bytes:
    return b"".join((_ASKED_NAME, rtype.to_bytes(2), _CLASS_AND_TTL, len(rdata).to_bytes(2), rdata))
