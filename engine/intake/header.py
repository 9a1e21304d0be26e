"""The first row: whether it names the columns, and the names they get."""

import re

import pandas as pd

_SAMPLE_ROWS = 200
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_VALUE = re.compile(r"[\d\s.,:/+()-]*\d[\d\s.,:/+()-]*")  # numbers, dates, telephone numbers
_BROKEN_ADDRESS = re.compile(r"\S+\.\w{2,}")

_MAIL_WORD = re.compile(r"(?:\A|[\s_])(?:e[- ]?)?mail")  # but not in "hotmail" or "not-an-email"
_CONTACT_WORDS = (
    *("address", "addresses", "contact", "contacts", "recipient", "recipients", "subscriber", "subscribers"),
    *("adresse", "adressen", "adresses", "kontakt", "kontakte", "empfänger", "abonnent", "destinataire"),
    *("destinatario", "destinatarios", "indirizzo", "dirección"),
)

# "e-mail" in the languages lists come in; `mail` alone stands for many more (Email, Mailadresse, ...).
ADDRESS_WORDS = (
    *("mail", "courriel", "adresse électronique", "adresse electronique", "correo", "mél"),
    *("correu", "posta elettronica", "e-posta", "eposta", "endereço eletrônico", "endereço eletrónico"),
    *("sähköposti", "почта", "пошта", "имейл", "емейл", "メール", "邮箱", "电子邮件", "郵箱", "電子郵件"),
    *("이메일", "메일", "בריד אלקטרוני", "דוא", "البريد", "ایمیل", "ईमेल", "อีเมล", "ηλεκτρονικ", "poczt"),
)


def is_address_word(name: str) -> bool:
    """Whether a column's name speaks of e-mail addresses."""
    folded = name.casefold()
    return any(word in folded for word in ADDRESS_WORDS)


def is_header(frame: pd.DataFrame) -> bool:
    """Whether the first row of a table names its columns.

    One with an address or a number does not; in a list of one column only a word for e-mail or contact does,
    since anything else may be a broken address.
    """
    first = [str(cell).strip() for cell in frame.iloc[0]]
    if any(_ADDRESS.search(cell) for cell in first):
        return False
    if any(_is_telling(cell) for cell in first):
        return True
    if len(first) == 1 or any(_VALUE.fullmatch(cell) for cell in first):
        return False
    below = frame.iloc[1 : 1 + _SAMPLE_ROWS]
    counts = [int(below[place].str.contains("@", regex=False).sum()) for place in below]
    if not any(counts):
        return True
    named = first[counts.index(max(counts))]
    return bool(named) and "@" not in named and not _BROKEN_ADDRESS.fullmatch(named)


def names_addresses(cells: list[str]) -> bool:
    """Whether cells name columns, one of them that of the addresses; those with an address name none."""
    return not any(_ADDRESS.search(cell) for cell in cells) and any(map(_is_telling, map(str.strip, cells)))


def _is_telling(cell: str) -> bool:
    folded = cell.casefold()
    if "." in folded:
        return False
    is_foreign = any(word in folded for word in ADDRESS_WORDS if word != "mail")
    return is_foreign or folded in _CONTACT_WORDS or bool(_MAIL_WORD.search(folded))


def name_columns(given: list[str]) -> list[str]:
    """Name every column, once: `Column 3` where the header is blank, `Name (2)` where it repeats itself."""
    names: list[str] = []
    kept = {name.strip() for name in given}
    taken: set[str] = set()
    for place, header in enumerate(given, start=1):
        name = header.strip() or f"Column {place}"
        is_taken = name in taken or (name in kept and not header.strip())
        names.append(_next_free(name, taken | kept) if is_taken else name)
        taken.add(names[-1])
    return names


def _next_free(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
