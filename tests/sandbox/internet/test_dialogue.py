"""Sessions with the internet's hosts, without any network."""

import pytest

from sandbox.internet import Answering, Group, Internet, Shape, StrictGate
from sandbox.internet.dialogue import Dialogue, Scene
from sandbox.internet.hosts import Posts, Tally


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Town:
    """An internet with its hosts, and sessions with the host of a domain of some kind."""

    def __init__(self, rows: int = 4000, **shape) -> None:
        self.clock = Clock()
        self.internet = Internet(Shape(rows, **shape))
        self.gate = StrictGate(self.clock)
        self.posts = Posts(self.internet, self.gate)
        self.tally = Tally()
        self.scene = Scene(self.internet, self.posts, self.tally, clock=self.clock)

    def site(self, group: Group, answering: Answering = Answering.ORDINARY):
        return next(
            each for each in self.internet.sites() if (each.group, each.answering) == (group, answering)
        )

    def post(self, site):
        return next(post for post in self.posts if self.posts.serves(post, site.name))

    def open(self, site) -> Dialogue:
        return Dialogue(self.scene, self.post(site))

    def introduce(self, site) -> Dialogue:
        session = self.open(site)
        assert session.greet().startswith(b"220 ")
        assert b"ENHANCEDSTATUSCODES" in session.hear(b"EHLO winnow.sandbox")
        assert session.hear(b"MAIL FROM:<verify@winnow.sandbox>").startswith(b"250 ")
        return session

    def addresses(self, site) -> list[str]:
        return [each for each in self.internet.addresses() if each.endswith(f"@{site.name}")]


@pytest.fixture
def town() -> Town:
    return Town()


def rcpt(session: Dialogue, address: str) -> str:
    return session.hear(f"RCPT TO:<{address}>".encode())[:3].decode()


CODES = {"valid": {"250"}, "invalid": {"550"}, "risky": {"552"}, "accept_all": {"250"}}


@pytest.mark.parametrize("group", [Group.CONSUMER, Group.PROVIDER])
def test_each_address_is_answered_as_its_truth_says(town, group):
    site = max((each for each in town.internet.sites() if each.group is group), key=lambda each: each.size)
    for address in town.addresses(site)[:80]:
        session = town.introduce(site)
        assert rcpt(session, address) in CODES[town.internet.truth(address).status], address
        session.hear(b"QUIT")
        session.leave()

    assert town.tally.strangers == town.tally.abandoned == town.tally.forced_disconnects == 0


def test_a_made_up_address_is_refused_and_counted_as_a_stranger(town):
    session = town.introduce(town.site(Group.CONSUMER))

    assert rcpt(session, "nobody.9@harvest.sandbox") == "550"
    assert town.tally.strangers == 1


def test_an_accept_all_domain_takes_anybody(town):
    site = town.site(Group.PROVIDER, Answering.ACCEPT_ALL)

    assert rcpt(town.introduce(site), f"nobody.9@{site.name}") == "250"


def test_a_greylisting_domain_lets_in_who_comes_back_in_time(town):
    site = town.site(Group.OWN, Answering.GREYLISTING)
    address = town.addresses(site)[0]

    assert rcpt(town.introduce(site), address) == "451"
    town.clock.now = 1.9
    assert rcpt(town.introduce(site), address) == "451"
    town.clock.now = 2.0
    assert rcpt(town.introduce(site), address) in {"250", "550", "552"}


def test_a_host_takes_no_mail_for_a_domain_of_another(town):
    session = town.introduce(town.site(Group.CONSUMER))

    assert rcpt(session, f"plum@{town.site(Group.OWN).name}") == "554"


def test_an_own_host_cuts_the_fourth_session(town):
    site = town.site(Group.OWN)
    sessions = [town.introduce(site) for _ in range(3)]
    crowded = town.open(site)

    assert crowded.greet().startswith(b"421 ")
    assert crowded.is_over
    assert town.tally.forced_disconnects == 1
    crowded.leave()
    sessions[0].hear(b"QUIT")
    sessions[0].leave()
    assert town.introduce(site)
    assert town.tally.abandoned == 0


def test_own_hosts_bear_fifty_recipients_a_session_and_close_or_refuse_then(town):
    sites = [each for each in town.internet.sites() if each.group is Group.OWN]
    by_closing = {town.post(site).closes: site for site in sites}

    for closes, site in by_closing.items():
        session = town.introduce(site)
        codes = [rcpt(session, f"plum.{n}@{site.name}") for n in range(51)]
        assert codes[-1] == ("421" if closes else "452")
        assert not {"421", "452"} & set(codes[:-1])
        assert session.is_over == closes
    assert town.tally.over_limit == 2


def test_a_host_that_stands_for_several_domains_bears_the_sessions_of_all(monkeypatch):
    monkeypatch.setattr("sandbox.internet.hosts.OWN_HOSTS", 5)
    town = Town()

    own = [post for post in town.posts if post.name.startswith("mx.own-")]
    assert len(own) == 5
    assert sum(post.at_once for post in own) == 3 * (town.internet.tail // 3)


def test_one_transaction_follows_another_only_after_rset(town):
    session = town.introduce(town.site(Group.CONSUMER))

    assert session.hear(b"MAIL FROM:<>").startswith(b"503 ")
    assert session.hear(b"RSET").startswith(b"250 ")
    assert rcpt(session, "plum@harvest.sandbox") == "503"
    assert session.hear(b"MAIL FROM:<>").startswith(b"250 ")
    assert session.hear(b"VRFY plum").startswith(b"500 ")


def test_data_is_refused_and_counted_and_a_session_left_is_counted(town):
    session = town.introduce(town.site(Group.CONSUMER))

    assert session.hear(b"DATA").startswith(b"554 ")
    session.leave()
    assert (town.tally.data_commands, town.tally.abandoned) == (1, 1)


def test_the_strict_provider_warns_once_and_then_bans():
    town = Town(strict_rows=400)
    site = town.site(Group.STRICT)
    sessions = [town.introduce(site) for _ in range(5)]
    address = town.addresses(site)[0]
    assert town.open(site).greet().startswith(b"421 ")

    for _ in range(60):
        rcpt(sessions[0], address)
    town.clock.now += 2
    assert rcpt(sessions[1], address) == "421"
    assert sessions[1].is_over
    assert town.gate.bans == 1
    for session in sessions:
        session.leave()
    assert town.open(site).greet().startswith(b"554 ")
    assert town.introduce(town.site(Group.CONSUMER)), "others are not concerned"


def test_where_it_is_lenient_the_strict_provider_is_as_any_other():
    internet = Internet(Shape(1000, strict_rows=400))

    assert all(post.gate is None for post in Posts(internet, None))


def test_every_domain_of_the_internet_leads_to_the_host_that_serves_it():
    for is_named in (False, True):
        town = Town(rows=600, is_named=is_named, strict_rows=100)
        for site in town.internet.sites():
            found = town.posts.look_up(site.name)
            if site.answering is Answering.NO_SUCH_DOMAIN:
                assert found is None
            elif site.answering is Answering.NULL_MX:
                assert found.is_null
            else:
                addresses = {town.posts.look_up(host).address for host in found.hosts}
                assert town.post(site).address in addresses
    assert town.posts.look_up("mx.plum.example") is None
