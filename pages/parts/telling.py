"""How a list tells that it is done: by the page's title, and by a notification where that is allowed."""

import json
from html import escape

import streamlit as st

from pages.parts.choice import list_name
from pages.parts.progress import headline
from pages.parts.steering import ENDED
from storage.summaries import Standing
from storage.uploads import UploadState

_WHOLE = 100


def title_of(standing: Standing) -> str:
    """Name the page so that its tab tells how far the list is: "42 % · Results · Winnow"."""
    parts = [_far(standing), "Results", "Winnow"]
    return " · ".join(part for part in parts if part)


def _far(standing: Standing) -> str:
    if standing.sample_size:
        return "Sample"
    if standing.state is UploadState.RUNNING:
        return f"{min(int(standing.share * _WHOLE), _WHOLE - 1)} %"
    return "Done" if standing.state is UploadState.DONE else ""


def offer_to_tell(standing: Standing) -> None:
    """Offer to tell when a running list is done; it is between the browser and who sits there.

    The place for it is always there: were it to go, what is typed below would be drawn anew, and lost.
    """
    place = st.container()
    if standing.state is UploadState.RUNNING and not standing.sample_size:
        place.html(_OFFER.replace("UPLOAD", str(standing.upload)), unsafe_allow_javascript=True)


def tell_if_ended(standing: Standing) -> None:
    """Tell of a list that has ended, once, if the browser was asked to."""
    if standing.state in ENDED:
        st.html(_telling(standing), unsafe_allow_javascript=True)


def _telling(standing: Standing) -> str:
    said = json.dumps([f"Done: {list_name(standing)}", headline(standing)])
    given = escape(said, quote=True)
    return _DONE.replace("UPLOAD", str(standing.upload)).replace("SAID", given)


_OFFER = """
<button id="winnow-tell" type="button" hidden style="font:inherit;font-size:.875rem;color:inherit;
background:none;border:none;border-bottom:1px dashed currentColor;padding:.1rem 0;cursor:pointer">
Tell me when it is done</button>
<span id="winnow-told" role="status" style="font-size:.875rem"></span>
<script>
(() => {
  const button = document.getElementById("winnow-tell"), told = document.getElementById("winnow-told");
  if (!button || !("Notification" in window) || Notification.permission === "denied") return;
  const promised = () => {
    sessionStorage.setItem("winnow tell", "UPLOAD");
    button.hidden = true;
    told.textContent = "You will be told when it is done, while this tab stays open.";
  };
  const isAsked = sessionStorage.getItem("winnow tell") === "UPLOAD";
  if (isAsked && Notification.permission === "granted") return promised();
  button.hidden = false;
  button.onclick = async () => {
    if (await Notification.requestPermission() === "granted") return promised();
    button.hidden = true;
    told.textContent = "Your browser does not allow it; the tab's title tells how far it is.";
  };
})();
</script>
"""
"""A button that asks the browser's leave. Where there is none to be had, nothing is shown."""

_DONE = """
<span id="winnow-done" data-said="SAID" hidden></span>
<script>
(() => {
  const done = document.getElementById("winnow-done");
  if (!done || sessionStorage.getItem("winnow tell") !== "UPLOAD") return;
  sessionStorage.removeItem("winnow tell");
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const [title, body] = JSON.parse(done.dataset.said);
  try { new Notification(title, { body }); } catch { /* phones want a worker for it */ }
})();
</script>
"""
"""Tells once, and only in the tab that was asked to."""
