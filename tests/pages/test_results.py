import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from engine.intake.correction import Correction
from engine.intake.read import read_sheet
from engine.never_probed import parse_listed
from engine.policy import Policy
from engine.reason import Reason
from engine.sentence import Sentences
from engine.verdict import Flag, Status, Vantage
from engine.work_queue import Notice
from pages.parts import safe_rows
from pages.parts.conversation import conversation
from pages.parts.evidence import OPENED
from pages.parts.ledger import ledger_table
from pages.parts.outcome_words import facts_line, report_of, said_of, vantage_line, what_to_do
from pages.parts.paging import PAGE_ROWS, page_span
from pages.parts.state_words import NOT_BEGUN
from pages.parts.together import others_sentence
from runtime import Runtime
from storage.entries import Search, find_entries
from storage.entry_detail import EntryDetail, read_entry
from storage.intake import save_upload
from storage.never_probed import Origin, remove_lines, write_lines
from storage.policies import NamedPolicy
from storage.rejudge import apply_policy
from storage.runs import cancel_upload, pause_upload
from storage.summaries import summarise
from storage.uploads import Choice, UploadState
from storage.withholding import never_probe
from tests.pages.answers import TRACE


def _grid(page):
    return next(each.value for each in page.dataframe if "Address" in each.value.columns)


def _addresses(page) -> list[str]:
    return [address.partition("@")[0] for address in _grid(page)["Address"]]


def test_without_a_list_the_page_shows_the_way_to_a_new_one(runtime, show):
    page = show("RESULTS")
    assert not page.exception
    assert page.markdown[-1].value == "There is no list yet."
    assert not page.dataframe


def test_the_headline_says_how_many_are_safe_to_send(runtime, save, settle, show):
    upload = save("plum@orchard.sandbox", "fig@orchard.sandbox", "no.pear@orchard.sandbox", "not an address")
    settle()
    runtime.start_upload(upload)
    page = show("RESULTS")
    assert not page.exception
    assert [each.value for each in page.header] == ["2 of 4 addresses are safe to send"]
    said = "About 1 in 100 of these may still bounce. That is assumed, not measured: 0.7 to 2.6 %."
    assert [each.value for each in page.markdown if "may still bounce" in each.value] == [said]


def test_the_finding_stands_first_then_what_can_be_done_then_what_it_rests_on(runtime, save, settle, show):
    upload = save("plum@orchard.sandbox", "no.pear@orchard.sandbox")
    settle()
    runtime.start_upload(upload)
    kinds = [each.type for each in show("RESULTS", list=str(upload)).main]
    places = [kinds.index(kind) for kind in ("header", "button", "plotly_chart", "dataframe")]
    assert places == sorted(places)


def test_what_may_bounce_of_what_is_safe_is_said_once(runtime, save, settle, show):
    upload = save(*(f"plum.{number}@orchard.sandbox" for number in range(20)))
    settle()
    runtime.start_upload(upload)
    texts = [each.value for each in show("RESULTS", list=str(upload)).markdown]
    (ready,) = [each for each in texts if "Only what is safe" in each]
    assert ready.endswith("ready to send.**")
    assert len([each for each in texts if "may still bounce" in each]) == 1


def test_of_a_list_without_a_safe_address_nothing_is_expected_to_bounce(runtime, save, settle, show):
    upload = save("no.pear@orchard.sandbox", "not an address")
    settle()
    runtime.start_upload(upload)
    page = show("RESULTS")
    assert [each.value for each in page.header] == ["0 of 2 addresses are safe to send"]
    assert not [each.value for each in page.markdown if "may still bounce" in each.value]


def test_rows_without_an_address_are_told_apart_and_make_nothing_worse(runtime, save, settle, show):
    upload = save("1,plum@orchard.sandbox", "2,no address", "3,", "4,", head="n,email")
    settle()
    runtime.start_upload(upload)
    page = show("RESULTS")
    assert [each.value for each in page.header] == ["1 of 2 addresses is safe to send"]
    assert any("2 addresses in 4 rows (2 rows without an address)." in each.value for each in page.caption)
    assert list(page.table[0].value["Addresses"]) == ["1  \n50.0 %", "1  \n50.0 %"]
    assert _addresses(page) == ["plum", "no address"]
    page.pills(key="find status").set_value("invalid").run()
    assert _addresses(page) == ["no address"]
    page.pills(key="find status").set_value("empty").run()
    assert [list(each) for each in _grid(page)["Status"]] == [["No address"], ["No address"]]
    assert list(_grid(page)["Row"]) == [4, 5]


def test_where_every_row_has_an_address_nobody_is_asked_about_others(runtime, save, show):
    save("plum@orchard.sandbox")
    assert "No address" not in show("RESULTS").pills(key="find status").options


def test_waiting_is_a_filter_only_while_somebody_waits(save, settle, show):
    save("plum@orchard.sandbox", is_started=True)
    assert "Waiting" in show("RESULTS").pills(key="find status").options
    settle()
    assert "Waiting" not in show("RESULTS").pills(key="find status").options


def test_a_list_without_addresses_offers_no_filter_to_clear(save, show):
    save("1,", "2,", head="n,email", column="email")
    page = show("RESULTS")
    assert "This list holds no address." in [each.value for each in page.info]


def test_a_row_without_an_address_says_so_when_it_is_opened(runtime, save, show):
    upload = save("1,plum@orchard.sandbox", "2,", head="n,email")
    (line,) = find_entries(runtime.database, upload, Search(is_empty=True))
    page = show("RESULTS")
    page.session_state["opened entry"] = line.entry
    page.run()
    said = [each.value for each in page.markdown]
    assert "#### No address" in said
    assert r"This row holds no address, so there is nobody to ask about\." in said


def _columns(page) -> list[str]:
    return next(list(each.proto.column_order) for each in page.dataframe if "Address" in each.value.columns)


def test_suggestions_stand_in_sight_where_there_are_any_and_nowhere_else(runtime, save, show):
    save("plum@orchard.sandbox", *(f"fig{number:02}@orchard.sandbox" for number in range(PAGE_ROWS)))
    assert "Suggestion" not in _columns(show("RESULTS"))
    with runtime.database.writing() as connection:
        connection.execute(text("UPDATE entry SET suggestion = 'plum@orchard.test' WHERE text LIKE 'plum%'"))
    page = show("RESULTS")
    assert _columns(page)[:3] == ["Address", "Status", "Suggestion"]
    assert _grid(page)["Suggestion"].iloc[0] == "plum@orchard.test"
    assert any("Suggested corrections on this page: 1." in each.value for each in page.caption)
    page.button(key="entries page next").click().run()
    assert "Suggestion" not in _columns(page)


@pytest.fixture
def corrected(runtime, show):
    """Show the results of a list whose first address was corrected."""
    sheet = read_sheet(b"email\nplum@gmial.com\nfig@orchard.sandbox\n", "fruits.csv")
    corrections = (Correction("gmial.com", "gmail.com"),)
    upload = save_upload(runtime.database, sheet, Choice(("email",), corrections=corrections))
    return upload, show("RESULTS")


def test_an_address_stands_in_the_table_as_it_was_asked_and_in_its_panel_as_it_was_read(runtime, save, show):
    upload = save(" <plum@orchard.sandbox> ", "fig@orchard.sandbox")
    page = show("RESULTS")
    assert list(_grid(page)["Address"]) == ["plum@orchard.sandbox", "fig@orchard.sandbox"]
    first, second = find_entries(runtime.database, upload, Search())
    page.session_state[OPENED] = first.entry
    page.run()
    assert page.code[0].value == "plum@orchard.sandbox"
    assert any(each.value.startswith("In your list") for each in page.markdown)
    page.session_state[OPENED] = second.entry
    page.run()
    assert not any(each.value.startswith("In your list") for each in page.markdown)


def test_what_was_asked_instead_has_a_column_behind_the_status_where_there_is_any(corrected, save, show):
    _, page = corrected
    assert _columns(page)[:3] == ["Address", "Status", "Written as"]
    assert list(_grid(page)["Address"]) == ["plum@gmail.com", "fig@orchard.sandbox"]
    assert list(_grid(page)["Written as"]) == ["plum@gmial.com", ""]
    page.multiselect(key="find flags").set_value([Flag.CORRECTED]).run()
    assert list(_grid(page)["Address"]) == ["plum@gmail.com"]
    save("pear@orchard.sandbox")
    assert "Written as" not in _columns(show("RESULTS"))


def test_an_opened_address_says_how_it_was_written_and_how_asked(runtime, corrected):
    upload, page = corrected
    line, other = find_entries(runtime.database, upload, Search())
    page.session_state["opened entry"] = line.entry
    page.run()
    assert [
        "Written as `plum@gmial.com`, asked as `plum@gmail.com`." in _bare(each) for each in page.info
    ] == [True]
    assert "asked as plum@gmail.com" in report_of(read_entry(runtime.database, upload, line.entry))
    assert "asked as" not in report_of(read_entry(runtime.database, upload, other.entry))


def _bare(said) -> str:
    return said.value.replace("\\", "")


def test_the_table_speaks_in_words_and_counts_rows_as_a_spreadsheet_does(runtime, save, settle, show):
    save("plum@orchard.sandbox", "no.pear@orchard.sandbox", "later.fig@orchard.sandbox")
    settle()
    grid = _grid(show("RESULTS"))
    assert [list(each) for each in grid["Status"]] == [["Valid"], ["Invalid"], ["Waiting"]]
    assert list(grid["Reason"]) == ["Accepted", "Mailbox does not exist", "Asked us to come back"]
    assert list(grid["Row"]) == [2, 3, 4]


def test_reasons_stand_with_what_they_mean(runtime, save, settle, show):
    save("plum@orchard.sandbox", "no.pear@orchard.sandbox")
    settle()
    table = show("RESULTS").table[0].value
    assert "says that nobody has this address" in " ".join(table["Reason"])
    assert list(table["Addresses"]) == ["1  \n50.0 %", "1  \n50.0 %"]


def test_before_the_start_no_chart_speaks_of_the_malformed_ones_alone(runtime, save, show):
    upload = save("plum@orchard.sandbox", "no address")
    page = show("RESULTS")
    assert NOT_BEGUN in [each.value for each in page.caption]
    assert not page.subheader or "Why" not in [each.value for each in page.subheader]
    runtime.start_upload(upload)
    assert NOT_BEGUN not in [each.value for each in show("RESULTS").caption]


def test_who_is_held_back_is_named_beside_those_that_can_be_asked_again(runtime, save, settle, show):
    never_probe(runtime.database, [parse_listed("mill.sandbox")], Origin())
    save("blocked.plum@orchard.sandbox", "fig@mill.sandbox", is_started=True)
    settle()
    page = show("RESULTS")
    assert "Ask the unknown one again" in [each.label for each in page.button]
    assert any("1 of the 2 unknown addresses is not asked again" in each.value for each in page.caption)


def test_a_status_chosen_leaves_only_its_addresses(runtime, save, settle, show):
    save("plum@orchard.sandbox", "no.pear@orchard.sandbox", "later.fig@orchard.sandbox")
    settle()
    page = show("RESULTS")
    page.pills(key="find status").set_value("invalid").run()
    assert _addresses(page) == ["no.pear"]
    page.pills(key="find status").set_value("waiting").run()
    assert _addresses(page) == ["later.fig"]


def test_a_stretch_of_the_confidence_scale_leaves_only_its_addresses(runtime, save, settle, show):
    save("plum@orchard.sandbox", "no.pear@orchard.sandbox", is_started=True)
    settle()
    page = show("RESULTS")
    stretches = {
        each.key: (each.label, each.disabled) for each in page.button if "points from" in str(each.key)
    }
    assert stretches["points from 0"] == ("0–49: 1", False)
    assert stretches["points from 50"] == ("50–79: 0", True)
    page.button(key="points from 80").click().run()
    assert _addresses(page) == ["plum"]
    assert page.slider(key="find confidence").value == (80, 100)


def test_a_reason_and_a_flag_chosen_leave_only_what_has_both(runtime, save, settle, show):
    save("plum@orchard.sandbox", "plum@orchard.sandbox", "no.pear@orchard.sandbox")
    settle()
    page = show("RESULTS")
    page.multiselect(key="find reasons").set_value([Reason.ACCEPTED]).run()
    assert _addresses(page) == ["plum", "plum"]
    page.multiselect(key="find flags").set_value([page.multiselect(key="find flags").options[5]]).run()
    assert not page.exception
    assert list(_grid(page)["Row"]) == [3]


@pytest.mark.parametrize(
    ("where", "words", "found"),
    [
        ("anywhere", "lum@", ["plum", "aplum"]),
        ("begin", "plum", ["plum"]),
        ("domain", "Orchard.Sandbox", ["plum"]),
        ("domain", "orchard", []),
    ],
)
def test_words_are_looked_for_where_one_says(runtime, save, show, where, words, found):
    save("plum@orchard.sandbox", "aplum@meadow.sandbox")
    page = show("RESULTS")
    page.selectbox(key="find where").set_value(where).run()
    page.text_input(key="find words").set_value(words).run()
    assert not page.exception
    assert (_addresses(page) if page.dataframe else []) == found


def test_a_search_that_finds_nothing_says_so(runtime, save, settle, show):
    save("plum@orchard.sandbox")
    settle()
    page = show("RESULTS")
    page.text_input(key="find words").set_value("quince").run()
    assert page.info[0].value == "No address of this list fits your filters."
    _click(page, "Show all addresses")
    assert _addresses(page) == ["plum"]


def test_filters_belong_to_one_list(runtime, save, settle, show):
    first = save("plum@orchard.sandbox", "no.fig@orchard.sandbox", name="a.csv", is_started=True)
    second = save("pear@orchard.sandbox", name="b.csv", is_started=True)
    settle()
    page = show("RESULTS", list=str(first), domain="orchard.sandbox")
    page.pills(key="find status").set_value("invalid")
    page.multiselect(key="find reasons").set_value(["mailbox_missing"]).run()
    assert _addresses(page) == ["no.fig"]
    page.selectbox(key="list picker").set_value(second).run()
    assert not page.exception
    assert _addresses(page) == ["pear"]
    assert page.pills(key="find status").value is None
    assert "domain" not in page.query_params
    assert "All addresses. Click one to see why." in [each.value for each in page.caption]


def test_a_link_to_another_list_brings_its_own_domain(runtime, save, settle, show):
    first = save("plum@orchard.sandbox", name="a.csv", is_started=True)
    second = save("pear@orchard.sandbox", "fig@mill.sandbox", name="b.csv", is_started=True)
    settle()
    page = show("RESULTS", list=str(first))
    page.text_input(key="find words").set_value("plum").run()
    page.query_params["list"], page.query_params["domain"] = str(second), "mill.sandbox"
    page.run()
    assert _addresses(page) == ["fig"]


def test_the_headline_is_reconciled_with_the_rows_of_export(runtime, save, settle, show):
    names = ("plum", "fig", "fig", "lime")
    upload = save(*(f"{name}@orchard.sandbox" for name in names), is_started=True)
    settle()
    write_lines(runtime.database, [parse_listed("lime@orchard.sandbox")], Origin())
    page = show("RESULTS", list=str(upload))
    assert [each.value for each in page.header] == ["4 of 4 addresses are safe to send"]
    assert (
        "Of the safe ones, 1 repeats an earlier row and 1 is on your never-asked list. "
        "That leaves 2 rows for the file."
    ) in [each.value for each in page.caption]
    assert show("EXPORT", list=str(upload)).metric[0].value == "2"


SEVERAL = ("1,no.plum@orchard.sandbox; fig@orchard.sandbox", "2,pear@orchard.sandbox")


def test_rows_that_another_address_would_keep_are_told_as_on_export(runtime, save, settle, show):
    upload = save(*SEVERAL, head="n,email", is_started=True)
    assert not any("first address" in each.value for each in show("RESULTS", list=str(upload)).markdown)
    settle()
    alone = save("quince@orchard.sandbox")
    page = show("RESULTS", list=str(upload))
    assert any(others_sentence(1) in each.value for each in page.markdown)
    assert "Choose on Export" in [each.label for each in page.get("page_link")]
    assert "Choose on Export" not in [
        each.label for each in show("RESULTS", list=str(alone)).get("page_link")
    ]


def test_of_very_many_rows_with_several_addresses_export_alone_tells(save, settle, show, monkeypatch):
    monkeypatch.setattr(safe_rows, "MANY", 0)
    upload = save(*SEVERAL, head="n,email", is_started=True)
    settle()
    texts = [each.value for each in show("RESULTS", list=str(upload)).markdown]
    assert any(safe_rows.many_sentence(1) in each for each in texts)


def test_pages_follow_each_other_without_gap_and_lead_back(runtime, save, show):
    save(*(f"plum{number:03}@orchard.sandbox" for number in range(2 * PAGE_ROWS + 7)))
    page = show("RESULTS")
    seen, spans = _addresses(page), [_span(page)]
    for _ in range(2):
        page.button(key="entries page next").click().run()
        seen += _addresses(page)
        spans.append(_span(page))
    assert spans == ["1–50 of 107", "51–100 of 107", "101–107 of 107"]
    assert seen == [f"plum{number:03}" for number in range(2 * PAGE_ROWS + 7)]
    assert page.button(key="entries page next").disabled
    page.button(key="entries page previous").click().run()
    assert _addresses(page)[0] == f"plum{PAGE_ROWS:03}"


def _span(page) -> str:
    said = (each.value for each in (*page.markdown, *page.caption))
    return next(each for each in said if re.match(r"[\d,]+–", each))


def test_a_page_says_of_how_many_as_far_as_anybody_knows(runtime, save, settle, show):
    save(*(f"plum{number:03}@orchard.sandbox" for number in range(2 * PAGE_ROWS)), "no address")
    settle()
    page = show("RESULTS")
    page.pills(key="find status").set_value("valid").run()
    assert _span(page) == "1–50 of 100"
    page.text_input(key="find words").set_value("plum").run()
    assert _span(page) == "1–50, and more"
    page.text_input(key="find words").set_value("plum00").run()
    assert _span(page) == "1–10 of 10"


def test_a_count_that_lags_behind_what_is_shown_is_not_said():
    assert page_span(2, 50, 60, has_more=True) == "51–100, and more"
    assert page_span(2, 50, None, has_more=False) == "51–100 of 100"


def test_two_addresses_in_one_row_are_not_lost_between_pages(runtime, save, show):
    rows = [f"plum{number:03}@orchard.sandbox" for number in range(PAGE_ROWS - 1)]
    save(*rows, "fig@orchard.sandbox; quince@orchard.sandbox", "pear@orchard.sandbox")
    page = show("RESULTS")
    assert _addresses(page)[-1] == "fig"
    page.button(key="entries page next").click().run()
    assert _addresses(page) == ["quince", "pear"]


def test_another_question_begins_at_the_first_page(runtime, save, show):
    save(*(f"plum{number:03}@orchard.sandbox" for number in range(2 * PAGE_ROWS)))
    page = show("RESULTS")
    page.button(key="entries page next").click().run()
    page.text_input(key="find words").set_value("plum0").run()
    assert _addresses(page)[0] == "plum000"


def test_a_domain_in_the_address_bar_leaves_only_its_addresses_until_it_is_let_go(runtime, save, show):
    upload = save("plum@orchard.sandbox", "pear@meadow.sandbox")
    page = show("RESULTS", list=str(upload), domain="meadow.sandbox")
    assert _addresses(page) == ["pear"]
    next(each for each in page.button if each.label.startswith("Only addresses at")).click().run()
    assert _addresses(page) == ["plum", "pear"]


def test_an_opened_address_shows_its_sentence_ledger_and_conversation(runtime, save, settle, show):
    upload = save("no.pear@orchard.sandbox")
    settle()
    (line,) = find_entries(runtime.database, upload, Search())
    page = show("RESULTS")
    page.session_state["opened entry"] = line.entry
    page.run()
    assert not page.exception
    assert page.code[0].value == "no.pear@orchard.sandbox"
    told = _in_dialog(page)
    order = [
        "#### Invalid: mailbox does not exist",
        "Nobody has this mailbox: the mail server of orchard.sandbox (Google) said so.",
        "For who runs mail hosts: mx.orchard.sandbox answered RCPT TO with “550 5.1.1 no such user”",
        "**What to do:** Remove it.",
        "##### Why its confidence is 10 of 100",
        "##### What was said",
        conversation(TRACE),
    ]
    assert sorted(order, key=told.index) == order


def _in_dialog(page) -> str:
    """Give the texts of the page, in the order in which they are shown."""
    told = ("markdown", "caption", "code", "html")
    return "\n".join(str(node.value) for node in page._tree if node.type in told).replace("\\", "")


@pytest.fixture
def detail(runtime, save, settle) -> Callable[[str], EntryDetail]:
    """Give an address in full, after it was settled."""

    def of(address: str) -> EntryDetail:
        upload = save(address, "fig@orchard.sandbox")
        settle()
        return read_entry(runtime.database, upload, find_entries(runtime.database, upload, Search())[0].entry)

    return of


def test_a_valid_address_is_said_to_be_safe(detail):
    found = detail("pear@orchard.sandbox")
    marketer = said_of(found).marketer
    assert marketer == "The mail server of orchard.sandbox (Google) takes mail for this address."
    assert what_to_do(found) == "Safe to send."


def test_what_was_probably_meant_comes_before_all_other_advice(detail):
    assert what_to_do(detail("fig@gmail,com")).startswith(
        "If fig@gmail.com was meant, check that one instead. Else "
    )


def test_a_text_that_is_no_address_says_what_is_wrong_with_it(detail):
    found = detail("pear@orchard..sandbox")
    assert said_of(found).marketer.startswith("This is not an e-mail address: ")
    assert said_of(found).engineer
    assert what_to_do(found) == (
        "If pear@orchard.sandbox was meant, check that one instead. Else correct it, or remove it."
    )


def test_an_outcome_that_does_not_rest_on_the_evidence_is_said_by_its_reason(detail):
    found = detail("no.pear@orchard.sandbox")
    line = replace(found.line, status=Status.UNKNOWN, reason=Reason.NOT_CHECKED)
    cancelled = replace(found, line=line)
    assert said_of(cancelled) == Sentences("It has not been asked about.", "")
    assert what_to_do(cancelled) == "Hand it in again to have it checked."


def test_how_we_stood_is_said_where_hosts_were_refusing_us(detail):
    found = detail("pear@orchard.sandbox")
    assert vantage_line(found) == ""
    refused = replace(found, evidence=replace(found.evidence, vantage=Vantage(refused_share=0.42)))
    said = vantage_line(refused)
    assert said.startswith("Google was refusing us when we asked (")
    assert "42%" in said
    unsound = replace(found, evidence=replace(found.evidence, vantage=Vantage(is_identity_sound=False)))
    assert vantage_line(unsound) == "Our HELO name or sender was not in order then."
    own = replace(refused, evidence=replace(refused.evidence, provider="other"))
    assert vantage_line(own).startswith("Its hosts were refusing us")


@pytest.mark.parametrize(("address", "is_about_us"), [("blocked.pear", True), ("no.pear", False)])
def test_a_refusal_of_us_leads_to_preflight(runtime, save, settle, show, tell, address, is_about_us):
    tell(Notice.RUNNING)
    upload = save(f"{address}@orchard.sandbox")
    settle()
    (line,) = find_entries(runtime.database, upload, Search())
    page = show("RESULTS")
    page.session_state["opened entry"] = line.entry
    page.run()
    links = [each.label for each in page.get("page_link")]
    assert ("See how this machine stands" in links) is is_about_us


@pytest.mark.parametrize(
    ("is_started", "said"),
    [(True, "It is asked again in about 15 minutes."), (False, "It is asked again when its list runs.")],
)
def test_a_waiting_address_says_when_it_is_asked_again(runtime, save, settle, show, is_started, said):
    upload = save("later.pear@orchard.sandbox", is_started=is_started)
    settle()
    (line,) = find_entries(runtime.database, upload, Search())
    page = show("RESULTS")
    page.session_state["opened entry"] = line.entry
    page.run()
    assert any(said in each.value for each in page.markdown)


def test_a_duplicate_leads_to_the_row_where_it_stands_first(runtime, save, settle, show):
    upload = save("pear@orchard.sandbox", "fig@orchard.sandbox", "PEAR@orchard.sandbox")
    settle()
    lines = find_entries(runtime.database, upload, Search())
    page = show("RESULTS")
    page.session_state["opened entry"] = lines[2].entry
    page.run()
    next(each for each in page.button if "stands first in row 2" in each.label).click().run()
    assert page.session_state["opened entry"] == lines[0].entry
    assert page.code[0].value == "pear@orchard.sandbox"


def test_a_ledger_sums_to_the_confidence(runtime, save, settle):
    upload = save("pear@orchard.sandbox", "no.fig@orchard.sandbox", "full.plum@orchard.sandbox")
    settle()
    details = [
        read_entry(runtime.database, upload, line.entry)
        for line in find_entries(runtime.database, upload, Search())
    ]
    tables = [ledger_table(detail.verdict.ledger) for detail in details]
    assert [int(table["Confidence"].iloc[-1]) for table in tables] == [95, 10, 40]


def _click(page, label: str):
    return next(each for each in page.button if each.label == label).click().run()


def _state(runtime: Runtime, upload: int) -> UploadState:
    summary = summarise(runtime.database, upload)
    assert summary is not None
    return summary.standing.state


def test_a_list_is_started_paused_and_resumed_from_its_page(runtime, save, show):
    upload = save("plum@orchard.sandbox")
    page = show("RESULTS")
    _click(page, "Start")
    assert _state(runtime, upload) is UploadState.RUNNING
    _click(page, "Pause")
    assert _state(runtime, upload) is UploadState.PAUSED
    _click(page, "Resume")
    assert _state(runtime, upload) is UploadState.RUNNING
    assert not page.exception


def test_finishing_early_asks_once_more(runtime, save, show):
    upload = save("plum@orchard.sandbox")
    page = show("RESULTS")
    _click(page, "Finish early")
    assert _state(runtime, upload) is UploadState.READY
    _click(page, "Finish now")
    assert _state(runtime, upload) is UploadState.CANCELLED
    assert [each.value for each in page.header] == ["0 of 1 address is safe to send"]
    _click(page, "Ask the unknown one again")
    assert _state(runtime, upload) is UploadState.RUNNING
    assert not page.exception


def test_unknown_addresses_are_counted_where_they_may_be_asked_again(runtime, save, settle, show):
    upload = save("blocked.plum@orchard.sandbox", "blocked.fig@orchard.sandbox", "pear@orchard.sandbox")
    settle()
    runtime.start_upload(upload)
    page = show("RESULTS")
    assert _state(runtime, upload) is UploadState.DONE
    _click(page, "Ask the 2 unknown again")
    assert _state(runtime, upload) is UploadState.RUNNING
    assert [each.value for each in page.header] == ["1 of 1 address checked so far is safe to send"]


@pytest.mark.parametrize(
    ("is_dns_only", "label"),
    [(False, "Ask the unknown one again"), (True, "Look up 1 address held back before")],
)
def test_who_is_on_the_never_asked_list_no_more_may_be_asked_about(runtime, save, show, is_dns_only, label):
    line = parse_listed("plum@orchard.sandbox")
    never_probe(runtime.database, [line], Origin())
    upload = save("plum@orchard.sandbox", is_started=True, is_dns_only=is_dns_only)
    assert _state(runtime, upload) is UploadState.DONE
    assert label not in [each.label for each in show("RESULTS").button]
    remove_lines(runtime.database, [line])
    _click(show("RESULTS"), label)
    assert _state(runtime, upload) is UploadState.RUNNING


def test_who_is_held_back_while_asked_again_has_no_answer(runtime, save, show):
    line, other = parse_listed("plum@orchard.sandbox"), parse_listed("fig@orchard.sandbox")
    never_probe(runtime.database, [line, other], Origin())
    upload = save("plum@orchard.sandbox", "fig@orchard.sandbox", is_started=True)
    remove_lines(runtime.database, [line])
    page = show("RESULTS")
    _click(page, "Ask the unknown one again")
    never_probe(runtime.database, [line], Origin())
    assert _state(runtime, upload) is UploadState.DONE
    page.run()
    told = next(each.value for each in page.info if "Asked again" in each.value)
    assert told == ("Asked again about 1 address: 1 is held back by your never-asked list or policy.")


def test_where_nothing_is_unknown_nobody_is_offered_to_be_asked_again(runtime, save, settle, show):
    upload = save("pear@orchard.sandbox")
    settle()
    runtime.start_upload(upload)
    assert not [each.label for each in show("RESULTS").button if "unknown" in each.label]


def test_an_opened_address_is_asked_again_at_a_click(runtime, save, settle, show):
    upload = save("no.pear@orchard.sandbox", "fig@orchard.sandbox")
    settle()
    runtime.start_upload(upload)
    (line, _) = find_entries(runtime.database, upload, Search())
    page = show("RESULTS")
    page.session_state["opened entry"] = line.entry
    page.run()
    _click(page, "Ask again")
    assert not page.exception
    assert _state(runtime, upload) is UploadState.RUNNING
    assert "#### No answer yet" in _in_dialog(page)
    said = _in_dialog(page)
    assert "It is being asked again. Before, it was invalid" in said or "It is asked again" in said
    assert not [each for each in page.button if each.label == "Ask again"]


def test_of_whom_a_client_has_nobody_ask_the_panel_and_the_report_tell_no_check(runtime, save, settle):
    upload = save("fig@orchard.sandbox")
    settle()
    unasked = NamedPolicy("Orchard", Policy(never_probed_domains=("orchard.sandbox",)))
    apply_policy(runtime.database, upload, unasked)
    (line,) = find_entries(runtime.database, upload, Search())
    found = read_entry(runtime.database, upload, line.entry)
    assert facts_line(found) == "Row 2, column email"
    assert "Checked" not in report_of(found)


def test_a_report_holds_all_that_is_known_as_plain_text(detail):
    told = report_of(detail("no.pear@orchard.sandbox"))
    said = (
        "no.pear@orchard.sandbox\n",
        "Invalid: mailbox does not exist\n",
        "Remove it.\n",
        "+40  the address is well-formed",
        "  10  confidence, of 100",
        "We: EHLO winnow.sandbox",
    )
    assert [each for each in said if each not in told] == []
    assert "**" not in told


def test_what_comes_back_later_is_said_while_the_list_runs(runtime, save, settle, show):
    upload = save("plum@orchard.sandbox", "later.fig@orchard.sandbox", is_started=True)
    settle()
    page = show("RESULTS")
    assert page.expander[0].label == "1 address will be asked again in about 15 minutes"
    pause_upload(runtime.database, upload, runtime.settings)
    page = show("RESULTS")
    assert page.expander[0].label == "Put off: 1 address. Nothing is asked until you resume the list"


@pytest.fixture
def pause_google(runtime: Runtime, tell: Callable[[Notice], None]) -> Callable[..., None]:
    """Have Google's hosts let alone for 40 minutes, and these lists' addresses wait for that."""

    def pause(rounds: int = 1) -> None:
        tell(Notice.RUNNING)
        now = time.time()
        with runtime.database.writing() as connection:
            names = {"since": now - 60, "until": now + 2400, "rounds": rounds}
            connection.execute(
                text(
                    "INSERT INTO pause (scope, name, since, until, rounds, share)"
                    " VALUES ('provider', 'google', :since, :until, :rounds, 0.6)"
                ),
                names,
            )

    return pause


def _put_off_as_blocked(runtime: Runtime) -> None:
    with runtime.database.writing() as connection:
        connection.execute(
            text("UPDATE mailbox SET state = 'deferred', why = 'blocked', due_at = :at"),
            {"at": time.time() + 2400},
        )


def test_when_hosts_refuse_us_one_sentence_says_who_until_when_and_how_many_wait(
    runtime, save, settle, show, pause_google
):
    save("plum@orchard.sandbox", "fig@orchard.sandbox", is_started=True)
    pause_google()
    _put_off_as_blocked(runtime)
    page = show("RESULTS")
    (said,) = (each.value for each in page.warning)
    assert said.startswith("Google refuses us just now")
    assert "2 addresses wait, nobody there is asked for about 40 minutes" in said
    assert "See how this machine stands" in [each.label for each in page.get("page_link")]


def test_hosts_that_do_not_answer_are_told_of_as_no_fault_of_the_machine(save, show, runtime, pause_google):
    save("plum@orchard.sandbox", is_started=True)
    pause_google()
    with runtime.database.writing() as connection:
        connection.execute(text("UPDATE pause SET why = 'unreachable', borne = 3"))
        connection.execute(
            text("UPDATE mailbox SET state = 'deferred', why = 'unreachable', due_at = :at"),
            {"at": time.time() + 2400},
        )
    page = show("RESULTS")
    assert not page.warning
    assert any(each.value.startswith("Google does not answer just now") for each in page.info)


def test_a_list_that_waits_for_nobody_who_refuses_us_says_nothing_of_it(save, show, runtime, pause_google):
    save("plum@orchard.sandbox", is_started=True)
    pause_google()
    assert not show("RESULTS").warning


def test_addresses_given_up_after_a_pause_that_did_not_help_are_told_of(save, settle, show, pause_google):
    save("blocked.plum@orchard.sandbox", "later.fig@orchard.sandbox", is_started=True)
    settle()
    pause_google(rounds=2)
    (said,) = (each.value for each in show("RESULTS").warning)
    assert said.startswith("Google refuses us also after a pause")


def test_while_the_port_is_shut_a_list_can_go_on_by_dns_only(runtime, save, show, tell):
    upload = save("plum@orchard.sandbox", is_started=True)
    assert "Go on by DNS only" not in [each.label for each in show("RESULTS").button]
    tell(Notice.PORT_CLOSED)
    page = show("RESULTS")
    _click(page, "Go on by DNS only")
    assert not page.exception
    assert summarise(runtime.database, upload).standing.is_dns_only
    assert "Go on by DNS only" not in [each.label for each in page.button]
    assert any("**DNS only.**" in each.value for each in page.caption)


def test_a_finished_list_still_says_who_refused_us(runtime, save, settle, show):
    save("blocked.plum@orchard.sandbox", "fig@orchard.sandbox", is_started=True)
    settle()
    page = show("RESULTS")
    said = (
        "1 address could not be judged because its host refuses us, not the address. "
        "See Preflight, then ask again tomorrow."
    )
    assert said in [warning.value for warning in page.warning]


def test_a_running_list_says_how_long_it_still_takes_and_what_makes_it_long(save, show, tell):
    upload = save(*(f"plum{number}@orchard.sandbox" for number in range(600)), is_started=True)
    tell(Notice.RUNNING)
    page = show("RESULTS", list=str(upload))
    assert not page.exception
    (bar,) = page.get("progress")
    assert bar.proto.text.endswith(" minutes left")
    captions = " ".join(each.value.replace("\\", "") for each in page.caption)
    assert "600 addresses at orchard.sandbox in 30 sessions, at most 10 a minute." in captions


@pytest.mark.parametrize(("notice", "is_said"), [(Notice.PORT_CLOSED, True), (Notice.STORE_FAILS, False)])
def test_a_list_by_dns_alone_says_how_long_it_takes_while_the_port_is_shut(save, show, tell, notice, is_said):
    upload = save(*(f"plum@orchard{n}.sandbox" for n in range(50)), is_started=True, is_dns_only=True)
    tell(notice)
    page = show("RESULTS", list=str(upload))
    (bar,) = page.get("progress")
    assert bar.proto.text.endswith("under a minute left") is is_said
    assert not any("What makes it long" in each.value for each in page.caption)


def test_while_nobody_is_asked_no_time_is_promised(save, show, tell):
    upload = save(*(f"plum{number}@orchard.sandbox" for number in range(600)), is_started=True)
    tell(Notice.PORT_CLOSED)
    (bar,) = show("RESULTS", list=str(upload)).get("progress")
    assert "left" not in bar.proto.text


def test_a_list_ended_early_says_who_refused_us_too(runtime, save, settle, show):
    upload = save("blocked.plum@orchard.sandbox", "later.fig@orchard.sandbox", is_started=True)
    settle()
    cancel_upload(runtime.database, upload, runtime.settings)
    said = [warning.value for warning in show("RESULTS").warning]
    assert any(each.startswith("1 address could not be judged because its host refuses us") for each in said)


def test_what_is_looked_for_is_said_and_can_be_cleared(runtime, save, settle, show):
    save("plum@orchard.sandbox", "no.fig@orchard.sandbox", "full.pear@orchard.sandbox", is_started=True)
    settle()
    page = show("RESULTS")
    assert "All addresses. Click one to see why." in [each.value for each in page.caption]
    assert "Clear filters" not in [each.label for each in page.button]
    page.text_input[0].set_value("plum")
    page.selectbox(key="find where").set_value("begin")
    page.slider(key="find confidence").set_value((20, 100)).run()
    assert "Shown: at its start “plum” · confidence 20 to 100" in [each.value for each in page.caption]
    assert _addresses(page) == ["plum"]
    _click(page, "Clear filters")
    assert not page.exception
    assert len(_addresses(page)) == 3
    assert page.selectbox(key="find where").value == "anywhere"
    assert "Clear filters" not in [each.label for each in page.button]


def test_asking_again_says_afterwards_that_nothing_changed(runtime, save, settle, show):
    save("blocked.plum@orchard.sandbox", "fig@orchard.sandbox", is_started=True)
    settle()
    page = show("RESULTS")
    assert not any(each.value.startswith("Asked again") for each in page.info)
    _click(page, "Ask the unknown one again")
    assert not any(each.value.startswith("Asked again") for each in page.info)
    settle()
    page.run()
    told = "Asked again about 1 address: none changed, it is still unknown."
    assert told in [each.value for each in page.info]


def test_the_table_of_a_list_that_runs_says_of_when_it_is_and_looks_again(runtime, save, show):
    upload = save("fig@orchard.sandbox")
    assert "look again" not in [each.key for each in show("RESULTS").button]
    runtime.start_upload(upload)
    page = show("RESULTS")
    assert any(re.fullmatch(r"As of \d\d:\d\d:\d\d\.", each.value) for each in page.caption)
    page.button(key="look again").click().run()
    assert not page.exception
