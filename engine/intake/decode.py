"""Bytes to text: which encoding a text file is in, and whether it is text at all."""

import codecs
from collections.abc import Iterator

from charset_normalizer import from_bytes

from engine.intake.sheet import UnreadableFile
from engine.value import value

_SAMPLE = 256 * 1024  # bytes
_MOST_CONTROL = 0.02  # share of control characters above which nothing is text

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LEGACY = {
    "cp1250": "Windows (Central European)",
    "cp1251": "Windows (Cyrillic)",
    "cp1252": "Windows (Western European)",
    "cp1253": "Windows (Greek)",
    "cp1254": "Windows (Turkish)",
    "cp1255": "Windows (Hebrew)",
    "cp1256": "Windows (Arabic)",
    "cp1257": "Windows (Baltic)",
    "koi8_r": "Unix (Cyrillic)",
    "cp932": "Windows (Japanese)",
    "euc_jp": "Unix (Japanese)",
    "gb18030": "Windows (simplified Chinese)",
    "big5": "Windows (traditional Chinese)",
    "cp949": "Windows (Korean)",
}
"""The encodings that are guessed at, by the names spreadsheets have for them."""
_NOT_TEXT = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"BZh", "a compressed archive"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a word processor's document"),
)
_WEB_PAGE = (b"<html", b"<!doctype html", b"<?xml", b"<table")
_EMPTY_SIGNS = "Invisible signs that mean nothing were taken out."
_TRY_AGAIN = "save it as “CSV UTF-8” and hand it in again."
_CONTROL = dict.fromkeys(code for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a\x00")


@value
class Decoded:
    """A file's text, and what the user should know about how it was read."""

    text: str
    notes: tuple[str, ...] = ()


def decode(content: bytes) -> Decoded:
    """Turn a text file's bytes into text, without byte order mark and NULs. Raises UnreadableFile."""
    _refuse_known_formats(content)
    decoded = _decoded(content)
    _refuse_rubbish(decoded.text[:_SAMPLE])
    if "\0" not in decoded.text:
        return decoded
    return Decoded(decoded.text.replace("\0", ""), (*decoded.notes, _EMPTY_SIGNS))


def _refuse_known_formats(content: bytes) -> None:
    for magic, words in _NOT_TEXT:
        if content.startswith(magic):
            raise UnreadableFile(f"This is {words}, not a list; please send a CSV, TXT or XLSX file.")
    if content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGE):
        raise UnreadableFile(
            "This is a web page or XML file, whatever its name says; please save it as XLSX or CSV first."
        )


def _refuse_rubbish(sample: str) -> None:
    controls = len(sample) - len(sample.translate(_CONTROL))
    if controls > _MOST_CONTROL * len(sample):
        raise UnreadableFile("This file is not text and not a workbook; please send a CSV, TXT or XLSX file.")


def _decoded(content: bytes) -> Decoded:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decoded_as(content[len(mark) :], encoding)
    wide = _wide_encoding(content[:_SAMPLE])
    if wide:
        return _decoded_as(content, wide)
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _decoded_as(content, _legacy_encoding(content), "cp1252")


def _decoded_as(content: bytes, encoding: str, *others: str) -> Decoded:
    for candidate in (encoding, *others):
        try:
            return Decoded(content.decode(candidate), tuple(_note_on(candidate)))
        except UnicodeDecodeError:
            continue
    note = f"Some letters of the file could not be read and are shown as “\ufffd”; {_TRY_AGAIN}"
    return Decoded(content.decode((encoding, *others)[-1], errors="replace"), (note,))


def _note_on(encoding: str) -> Iterator[str]:
    if encoding in LEGACY:
        yield f"The file was read as {LEGACY[encoding]} text; if letters look wrong, {_TRY_AGAIN}"


def _wide_encoding(sample: bytes) -> str:
    """Name the UTF-16 a file without byte order mark is in: every other byte of plain text is 0."""
    half = len(sample) // 2
    if not half:
        return ""
    if sample[1::2].count(0) > half * 0.6 and sample[::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[::2].count(0) > half * 0.6 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return ""


def _legacy_encoding(content: bytes) -> str:
    """Name the 8-bit or East Asian encoding that fits best; of equals the Western one, most frequent."""
    sample = content[:_SAMPLE]
    if len(content) > _SAMPLE:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    matches = from_bytes(sample, cp_isolation=list(LEGACY))
    best = matches.best()
    if best is None:
        return "cp1252"
    score = (best.percent_chaos, best.percent_coherence)
    equals = [match for match in matches if (match.percent_chaos, match.percent_coherence) == score]
    if any("cp1252" in match.could_be_from_charset for match in equals):
        return "cp1252"
    return best.encoding
