from dataclasses import replace

from engine.address import Address
from engine.case import case_of
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.reason import Reason
from engine.reply import Meaning, Reply, Stage, Unreached
from engine.traits import Traits
from engine.verdict import AcceptAll, Evidence, History

ROUTE = MailHosts((MailHost("mx.plum.example", 10),))
IMPLICIT = MailHosts((MailHost("plum.example", 0),), is_implicit=True)
YES = Reply(250, "2.1.5 ok", Stage.RCPT)
MISSING = Reply(550, "5.1.1 no such user here", Stage.RCPT)
OF_POLICY = Reply(550, "5.7.1 no such user here", Stage.RCPT)
EVIDENCE = Evidence(Address("pear", "plum.example"), Traits(), ROUTE, rcpt=YES, accept_all=AcceptAll.NO)


def test_addresses_that_differ_in_name_and_wording_only_are_one_case():
    other = replace(
        EVIDENCE,
        address=Address("quince", "orchard.example"),
        route=MailHosts((MailHost("mx.orchard.example", 20),)),
        rcpt=Reply(250, "2.1.5 <quince@orchard.example> ok", Stage.RCPT),
        mx_host="mx.orchard.example",
    )
    assert case_of(EVIDENCE) == case_of(other)


def test_what_the_rules_look_at_makes_another_case():
    changes = (
        {"rcpt": MISSING},
        {"rcpt": OF_POLICY},
        {"rcpt": Unreached(Stage.RCPT, Reason.TIMEOUT)},
        {"rcpt": None},
        {"route": IMPLICIT},
        {"route": NoMail(Reason.NULL_MX)},
        {"route": None},
        {"accept_all": AcceptAll.YES},
        {"is_yes_doubtful": True},
        {"control": YES},
        {"control": OF_POLICY},
        {"withheld": Reason.NEVER_PROBED},
        {"history": History(hard_bounced_at=1.0)},
        {"history": History(hard_bounced_at=1.0, opened_at=2.0)},
        {"history": History(replied_at=2.0)},
        *(
            {"traits": Traits(**{name: True})}
            for name in ("is_role", "is_free", "is_disposable", "is_random")
        ),
    )
    cases = {case_of(EVIDENCE), *(case_of(replace(EVIDENCE, **change)) for change in changes)}
    assert len(cases) == len(changes) + 1


def test_why_nobody_could_be_asked_is_the_nearest_reason():
    failed = replace(EVIDENCE, route=LookupFailed(Reason.DNS_FAILED), rcpt=None)
    assert case_of(failed).silence is Reason.DNS_FAILED
    assert case_of(replace(failed, withheld=Reason.NEVER_PROBED)).silence is Reason.NEVER_PROBED
    assert case_of(replace(EVIDENCE, rcpt=None)).silence is Reason.NOT_CHECKED
    assert case_of(replace(EVIDENCE, rcpt=None, accept_all=AcceptAll.YES)).silence is None


def test_only_a_refusal_of_a_recipient_is_of_policy():
    blocked = Reply(554, "5.7.1 client host blocked", Stage.RCPT)
    assert case_of(replace(EVIDENCE, rcpt=OF_POLICY)).is_of_policy
    assert case_of(replace(EVIDENCE, rcpt=blocked)).meaning is Meaning.BLOCKED
    assert not case_of(replace(EVIDENCE, rcpt=blocked)).is_of_policy


def test_a_slip_is_no_domain_that_names_its_mail_hosts_unless_it_is_disposable():
    slip = Traits(suggestion="pear@plum.test")
    assert not case_of(replace(EVIDENCE, traits=slip)).is_slip
    assert case_of(replace(EVIDENCE, traits=slip, route=IMPLICIT)).is_slip
    assert case_of(replace(EVIDENCE, traits=replace(slip, is_disposable=True))).is_slip
    assert not case_of(replace(EVIDENCE, route=IMPLICIT)).is_slip
