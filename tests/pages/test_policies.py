"""The Policies page: made, copied, renamed, deleted and edited; tried on a list; given to it."""

import time

import pytest
from sqlalchemy import text

from engine.address import Address
from engine.batch import Batch, DomainFacts, Outcome
from engine.exchange import MailHost, MailHosts
from engine.judge import judge
from engine.policy import DEFAULT_POLICY, AcceptAllAs, Policy, Weight
from engine.reply import Reply, Stage
from engine.traits import traits_of
from engine.verdict import AcceptAll, Evidence, Finding
from pages.parts.policy_sayings import QUESTIONS
from storage.policies import NamedPolicy, all_policies, find_policy, policy_of_list, save_policy
from storage.rejudge import apply_policy
from storage.settle import write_outcomes

CELLS = ("info@orchard.sandbox", "plum@orchard.sandbox", "no address")


def press(page, label):
    (button,) = (each for each in page.button if each.label == label)
    return button.click().run()


def choose(page, question, answer):
    (control,) = (each for each in page.segmented_control if each.label == QUESTIONS[question].name)
    return control.set_value(answer).run()


def said(page):
    return " ".join(each.value for each in (*page.markdown, *page.caption, *page.success, *page.info))


@pytest.fixture
def orchard(runtime):
    save_policy(runtime.database, NamedPolicy("Orchard", Policy()))


@pytest.fixture
def settled(runtime, save):
    """A list whose addresses were all accepted, as far as its rows say, without a host having been asked."""
    upload = save(*CELLS, is_started=True)
    runtime.cancel_upload(upload)
    return upload


def test_without_a_client_the_usual_policy_is_shown_and_a_first_one_is_offered(runtime, show):
    page = show("POLICIES")
    assert not page.exception
    assert "What the usual policy says" in said(page)
    page = press(page, "New policy")
    page.text_input[0].set_value(" Orchard ")
    page = press(page, "Create")
    assert not page.exception
    assert all_policies(runtime.database) == [NamedPolicy("Orchard", Policy())]
    assert page.query_params["client"] == "Orchard"


def test_a_name_that_is_taken_is_refused_in_the_dialog(runtime, orchard, show):
    page = press(show("POLICIES"), "New policy")
    page.text_input[0].set_value("orchard")
    page = press(page, "Create")
    assert [each.value for each in page.error] == ["There is a policy called orchard already."]


def test_a_choice_is_saved_only_when_it_is_wanted(runtime, orchard, show):
    page = choose(show("POLICIES"), "role", Weight.INVALID)
    assert "Not saved yet" in said(page)
    assert find_policy(runtime.database, "Orchard").policy == Policy()
    page = press(page, "Save")
    assert find_policy(runtime.database, "Orchard").policy == Policy(role=Weight.INVALID)
    assert "Not saved yet" not in said(page)


def test_changes_are_discarded_as_a_whole(runtime, orchard, show):
    page = choose(show("POLICIES"), "accept_all", AcceptAllAs.RISKY)
    page = press(page, "Discard")
    assert "Not saved yet" not in said(page)
    assert find_policy(runtime.database, "Orchard").policy == Policy()


def test_what_was_changed_and_not_saved_goes_with_its_client(runtime, orchard, show):
    page = choose(show("POLICIES"), "role", Weight.INVALID)
    assert "Not saved yet" in said(page)
    page = press(press(page, "Delete"), "Delete the policy")
    page = press(page, "New policy")
    page.text_input[0].set_value("Orchard")
    page = press(page, "Create")
    assert "Not saved yet" not in said(page)


def test_what_was_changed_and_not_saved_gives_way_to_what_somebody_else_saved(runtime, orchard, show):
    page = choose(show("POLICIES"), "role", Weight.INVALID)
    save_policy(runtime.database, NamedPolicy("Orchard", Policy(least_confidence=40)))
    page = page.run()
    assert "Not saved yet" not in said(page)
    assert page.slider[0].value == 40


def test_domains_and_limits_are_the_policys_too(runtime, orchard, show):
    page = show("POLICIES")
    disposable, trusted, unasked = page.text_area
    disposable.set_value("@Plum.example\nfig.example")
    trusted.set_value("pear.example")
    unasked.set_value("*.mill.example").run()
    valid, unknown, small, bounces = page.number_input
    valid.set_value(80)
    unknown.set_value(30)
    small.set_value(5)
    bounces.set_value(3.5).run()
    press(page, "Save")
    assert find_policy(runtime.database, "Orchard").policy == Policy(
        disposable_domains=("fig.example", "plum.example"),
        trusted_domains=("pear.example",),
        never_probed_domains=("mill.example",),
        least_valid=80,
        most_unknown=30,
        small_domain=5,
        most_bounces=3.5,
    )


def test_an_international_domain_of_a_policy_is_shown_as_it_was_typed(runtime, orchard, show):
    page = show("POLICIES")
    page.text_area[0].set_value("bücher.example").run()
    press(page, "Save")
    assert find_policy(runtime.database, "Orchard").policy.disposable_domains == ("xn--bcher-kva.example",)
    page = show("POLICIES")
    assert page.text_area[0].value == "bücher.example"
    assert "Not saved yet" not in said(page)


@pytest.mark.parametrize(
    ("disposable", "trusted", "told"),
    [
        ("fig.example\nnonsense", "", "Line 2\\: “nonsense” is not a domain"),
        ("fig.example", "fig.example", r"Both lists name fig\.example"),
    ],
)
def test_domains_that_cannot_be_used_are_told_and_nothing_is_saved(
    orchard, settled, show, disposable, trusted, told
):
    page = show("POLICIES")
    one, other, _ = page.text_area
    one.set_value(disposable)
    other.set_value(trusted).run()
    assert told in page.error[0].value
    assert next(each for each in page.button if each.label == "Save").disabled
    assert "Mend the line that is marked" in said(page)


def test_a_policy_is_copied_renamed_and_deleted_after_asking_twice(runtime, orchard, show):
    save_policy(runtime.database, NamedPolicy("Orchard", Policy(role=Weight.KEPT)))
    page = press(show("POLICIES"), "Copy")
    copy = [each for each in page.button if each.label == "Copy"][-1]
    page = copy.click().run()
    assert find_policy(runtime.database, "Orchard (copy)").policy == Policy(role=Weight.KEPT)

    page = press(page, "Rename")
    page.text_input[0].set_value("Mill")
    page = [each for each in page.button if each.label == "Rename"][-1].click().run()
    assert [each.name for each in all_policies(runtime.database)] == ["Mill", "Orchard"]

    page = press(press(page, "Delete"), "Keep it")
    assert len(all_policies(runtime.database)) == 2
    page = press(press(page, "Delete"), "Delete the policy")
    assert not page.exception
    assert [each.name for each in all_policies(runtime.database)] == ["Orchard"]


def test_a_list_is_given_the_policy_that_is_edited_and_says_so(runtime, orchard, settled, show):
    page = choose(show("POLICIES"), "role", Weight.INVALID)
    assert "Nothing would change on this list" in said(page)
    page = press(page, "Save, and use it for this list")
    assert policy_of_list(runtime.database, settled) == NamedPolicy("Orchard", Policy(role=Weight.INVALID))
    assert find_policy(runtime.database, "Orchard").policy == Policy(role=Weight.INVALID)
    page = page.run()
    assert "This list is judged by this policy." in said(page)


def test_addresses_without_an_answer_are_told_of_beside_the_preview(runtime, orchard, save, show):
    save(*CELLS)
    assert "2 addresses without an answer yet are not counted here." in said(show("POLICIES"))


def test_addresses_of_the_usual_choices_are_told_beside_the_preview_and_promised_to_no_file(
    runtime, orchard, save, settle, show
):
    save("info@orchard.sandbox; plum@orchard.sandbox", "PLUM@orchard.sandbox", is_started=True)
    settle()
    page = show("POLICIES")
    assert [list(each.value.columns) for each in page.table] == [["Status", "Now", "Then"]]
    page = choose(page, "role", Weight.KEPT)
    kept = page.table[1].value.set_index("Addresses of the choice")
    assert kept.loc["Safe only"].tolist() == ["2", "**3** (+1)"]
    assert "1 of 3 addresses would change" in [each.value for each in page.caption], "said beside Save too"


def test_it_is_tried_on_the_newest_list_that_has_answers(runtime, orchard, settled, save, show):
    save("pear@orchard.sandbox", name="newer.csv")
    page = show("POLICIES")
    assert page.selectbox(key="list to try on").value == settled
    assert len(page.table) == 1


def test_a_list_without_any_answer_shows_no_figures(runtime, orchard, save, show):
    save("pear@orchard.sandbox")
    page = show("POLICIES")
    assert "No address of this list has an answer yet" in said(page)
    assert not page.table


def test_lists_with_an_older_copy_are_brought_up_to_date(runtime, orchard, settled, show):
    apply_policy(runtime.database, settled, NamedPolicy("Orchard", Policy(role=Weight.KEPT)))
    page = show("POLICIES")
    assert "1 list is still judged by an older copy of this policy." in said(page)
    page = press(page, "Bring up to date").run()
    assert policy_of_list(runtime.database, settled) == NamedPolicy("Orchard", Policy())
    assert "older copy" not in said(page)


@pytest.mark.parametrize("screen", ["RESULTS", "EXPORT"])
def test_a_list_shows_its_policy_and_is_given_another_where_its_results_are(
    runtime, orchard, save, settled, show, screen
):
    other = save("pear@orchard.sandbox")
    page = show(screen, list=str(settled))
    (picker,) = (each for each in page.selectbox if each.label == "Policy")
    assert picker.value == ""
    page = picker.set_value("Orchard").run()
    assert not page.exception
    assert policy_of_list(runtime.database, settled).name == "Orchard"
    assert policy_of_list(runtime.database, other).name == ""


def test_a_policy_that_was_changed_or_deleted_is_told_of_beside_the_list(runtime, orchard, settled, show):
    apply_policy(runtime.database, settled, NamedPolicy("Orchard", Policy(role=Weight.KEPT)))
    page = show("EXPORT", list=str(settled))
    assert "The policy of Orchard has changed since this list was judged." in said(page)
    press(page, "Bring up to date")
    assert policy_of_list(runtime.database, settled) == NamedPolicy("Orchard", Policy())

    with runtime.database.writing() as connection:
        connection.execute(text("DELETE FROM policy"))
    assert "The policy of Orchard was deleted; this list keeps its copy." in said(
        show("EXPORT", list=str(settled))
    )


@pytest.fixture
def answered(runtime, save):
    """A list whose one address was accepted."""
    upload = save("plum@orchard.sandbox", is_started=True)
    plum, now = Address("plum", "orchard.sandbox"), time.time()
    host = MailHosts((MailHost("mx.orchard.sandbox", 10, ("127.0.0.1",)),))
    facts = DomainFacts("orchard.sandbox", host, provider="google", accept_all=AcceptAll.NO, resolved_at=now)
    evidence = Evidence(
        plum, traits_of(plum), host, "google", Reply(250, "ok", Stage.RCPT), accept_all=AcceptAll.NO
    )
    finding = Finding(1, evidence, judge(evidence, DEFAULT_POLICY), 1, now, now + 900)
    with runtime.database.writing() as connection:
        write_outcomes(connection, [Outcome(Batch(facts, ()), facts, (finding,))], now)
    return upload


def test_that_a_client_has_nobody_asked_somewhere_is_seen_on_a_list_before_it_is_saved(
    orchard, answered, show
):
    page = show("POLICIES", list=str(answered))
    page.text_area[2].set_value("orchard.sandbox").run()
    assert "1 valid becomes unknown**: not asked, as you wished" in said(page)


def test_each_answer_of_each_question_says_what_it_does():
    for question in QUESTIONS.values():
        assert len(question.answers) == 3
        assert all(answer.name and answer.advice.endswith(".") for answer in question.answers.values())
