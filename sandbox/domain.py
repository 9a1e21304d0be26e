"""A domain of the sandbox: where its mail goes, how it answers, and who has a mailbox there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.behaviour import ORDINARY, POSTMASTER, Behaviour, User
from sandbox.host import OPEN, Door
from sandbox.names import Node


@dataclass(frozen=True, slots=True)
class OwnHost:
    """The domain has a host of its own: `mx.DOMAIN`, or without any MX record the domain itself."""

    door: Door = OPEN
    is_implicit: bool = False


_OWN_HOST = OwnHost()


@dataclass(frozen=True, slots=True)
class SharedHosts:
    """The domain's mail goes to these hosts of the world, best first.

    `known_as` is another name that the domain's MX record gives the first of them. Without any MX record
    (`is_implicit`) the domain itself has the first one's address.
    """

    names: tuple[str, ...]
    known_as: str = ""
    is_implicit: bool = False


@dataclass(frozen=True, slots=True)
class Answering:
    """The DNS answers just this for the domain's name: no mail host, an alias, a failure."""

    node: Node


Delivery = OwnHost | SharedHosts | Answering


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain, its name in lower-case A-labels and its users by their case-folded local parts.

    Who is not among `users` has no mailbox, but for postmaster. `kind` says where the world has it from;
    `spf`, `dmarc` and those after `ttl` (in seconds) are the published records, `""` for none; `further` is
    another TXT record of the domain itself.
    """

    name: str
    behaviour: Behaviour = ORDINARY
    users: Mapping[str, User] = field(default_factory=dict)
    delivery: Delivery = _OWN_HOST
    spf: str = ""
    dmarc: str = ""
    is_disposable: bool = False
    kind: str = ""
    ttl: int = 300
    mta_sts: str = ""
    tls_rpt: str = ""
    bimi: str = ""
    further: str = ""

    def user(self, local_part: str) -> User:
        """Tell how a mailbox stands, whatever the case; postmaster always exists (RFC 5321, 4.5.1)."""
        folded = local_part.lower()
        return self.users.get(folded, User.EXISTING if folded == POSTMASTER else User.MISSING)
