"""A small mail world on loopback: a DNS server and SMTP hosts that behave as they are told.

For the demo, the tests and the benchmark. It knows nothing of what it is used to check.
"""

from sandbox.asker import with_asker
from sandbox.counters import Counters
from sandbox.domain import Answering, Domain, OwnHost, SharedHosts
from sandbox.host import Host, Open, Shut, Silent, Slammed, Tls
from sandbox.mix import BUSINESS, EVERYTHING, NO_WAITING, Mix, build_world
from sandbox.sample import sample_rows, write_csv, write_truth, write_xlsx
from sandbox.serve import Sandbox
from sandbox.truth import Truth
from sandbox.world import World, world_of

__all__ = [
    "BUSINESS",
    "EVERYTHING",
    "NO_WAITING",
    "Answering",
    "Counters",
    "Domain",
    "Host",
    "Mix",
    "Open",
    "OwnHost",
    "Sandbox",
    "SharedHosts",
    "Shut",
    "Silent",
    "Slammed",
    "Tls",
    "Truth",
    "World",
    "build_world",
    "sample_rows",
    "with_asker",
    "world_of",
    "write_csv",
    "write_truth",
    "write_xlsx",
]
