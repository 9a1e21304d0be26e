"""What the sandbox's domains publish about their mail: SPF and DMARC of all kinds, some of them broken."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandbox.names import Node, Records

Weighted = Sequence[tuple[str, int]]

SPF_RECORDS: Weighted = (
    ("", 22),
    ("v=spf1 mx -all", 12),
    ("v=spf1 mx a ~all", 12),
    ("v=spf1 include:_spf.harvestmail.sandbox ~all", 12),
    ("v=spf1 include:_spf.orchardpost.sandbox include:spf.letterpress.sandbox ~all", 8),
    ("v=spf1 ip4:127.10.0.0/16 include:_spf.google.com include:spf.letterpress.sandbox -all", 6),
    ("v=spf1 redirect=_spf.millpost.sandbox", 4),
    ("v=spf1 a:%{d} exists:%{i}.hosts.harvestmail.sandbox -all", 2),
    ("v=spf1 include:_spf.harvestmail.sandbox ?all", 6),
    ("v=spf1 a mx ptr ~all", 4),
    ("v=spf1 mx", 2),
    ("v=spf1 mx +all", 2),
    ("v=spf1 mx ipv4:127.10.0.1 -all", 2),
    ("v=spf1 include:_spf.gone.sandbox ~all", 3),
    ("v=spf1 include:_spf.everything.sandbox -all", 2),
    ("v=spf1 include:_spf.circle.sandbox -all", 1),
)
DMARC_RECORDS: Weighted = (
    ("", 35),
    ("v=DMARC1; p=none; rua=mailto:dmarc@harvestmail.sandbox", 22),
    ("v=DMARC1; p=none", 8),
    ("v=DMARC1; p=quarantine; rua=mailto:dmarc@orchardpost.sandbox", 10),
    ("v=DMARC1; p=quarantine; pct=50", 4),
    ("v=DMARC1; p=reject; sp=none; adkim=s; aspf=s; rua=mailto:dmarc@harvestmail.sandbox", 8),
    ("v=DMARC1; p=reject; rua=mailto:dmarc@harvestmail.sandbox", 8),
    ("v=DMARC1; p=rejected", 2),
    ("v=DMARC1 p=none", 2),
    ("v=DMARC1; rua=mailto:dmarc@millpost.sandbox", 1),
)
MTA_STS_RECORDS: Weighted = (("", 90), ("v=STSv1; id=20260901T090000;", 9), ("v=STSv1;", 1))
TLS_RPT_RECORDS: Weighted = (("", 90), ("v=TLSRPTv1; rua=mailto:tls@harvestmail.sandbox", 10))
BIMI_RECORDS: Weighted = (("", 94), ("v=BIMI1; l=https://harvestmail.sandbox/logo.svg", 6))
FURTHER_TEXTS: Weighted = (
    ("", 60),
    ("harvest-site-verification=k3f9a1c27d", 37),
    ("v=spf1 a -all", 3),
)
OF_KINDS = {
    "google": "v=spf1 redirect=_spf.google.com",
    "microsoft": "v=spf1 include:spf.protection.outlook.com -all",
}
"""What the domains at a large provider have for SPF, by the kind of domain."""


@dataclass(frozen=True, slots=True)
class Published:
    """The TXT records of a domain and of the names below it, `""` for none."""

    spf: str = ""
    dmarc: str = ""
    mta_sts: str = ""
    tls_rpt: str = ""
    bimi: str = ""
    further: str = ""


def draw_published(kind: str, rng: random.Random) -> Published:
    """Draw what a domain of this kind publishes."""
    return Published(
        spf=OF_KINDS.get(kind) or _draw(SPF_RECORDS, rng),
        dmarc=_draw(DMARC_RECORDS, rng),
        mta_sts=_draw(MTA_STS_RECORDS, rng),
        tls_rpt=_draw(TLS_RPT_RECORDS, rng),
        bimi=_draw(BIMI_RECORDS, rng),
        further=_draw(FURTHER_TEXTS, rng),
    )


def _draw(records: Weighted, rng: random.Random) -> str:
    return rng.choices([text for text, _ in records], [weight for _, weight in records])[0]


def _spf(text: str) -> Records:
    return Records(txt=(text,))


INCLUDED: Mapping[str, Node] = {
    "_spf.harvestmail.sandbox": _spf("v=spf1 ip4:127.10.0.0/24 ip4:127.10.1.0/24 ~all"),
    "_spf.orchardpost.sandbox": _spf("v=spf1 include:_spf2.orchardpost.sandbox ip4:127.10.2.0/24 ~all"),
    "_spf2.orchardpost.sandbox": _spf("v=spf1 a:mx1.orchardpost.sandbox mx:orchardpost.sandbox ~all"),
    "_spf.millpost.sandbox": _spf("v=spf1 ip4:127.10.3.0/24 -all"),
    "spf.letterpress.sandbox": _spf("v=spf1 ip4:127.10.4.0/24 ip6:2001:db8:4::/48 ~all"),
    "_spf.google.com": _spf("v=spf1 include:_netblocks.google.com include:_netblocks2.google.com ~all"),
    "_netblocks.google.com": _spf("v=spf1 ip4:127.10.5.0/24 ~all"),
    "_netblocks2.google.com": _spf("v=spf1 ip6:2001:db8:5::/48 ~all"),
    "spf.protection.outlook.com": _spf("v=spf1 ip4:127.10.6.0/24 ip6:2001:db8:6::/48 -all"),
    "_spf.circle.sandbox": _spf("v=spf1 include:_spf.circle.sandbox -all"),
    "_spf.everything.sandbox": _spf(
        "v=spf1 " + " ".join(f"include:_spf{number}.everything.sandbox" for number in range(12)) + " -all"
    ),
    **{
        f"_spf{number}.everything.sandbox": _spf(f"v=spf1 ip4:127.10.7.{number} -all") for number in range(12)
    },
}
"""The records that the domains' own ones refer to."""
