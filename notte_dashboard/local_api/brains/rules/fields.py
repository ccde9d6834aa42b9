"""Reads `name 'Ann', email 'ann@example.com' and message 'Hi'` in its usual orders."""

import re
from typing import Final

from notte_dashboard.local_api.brains.rules.clauses import TOKEN, Kept
from notte_dashboard.local_api.brains.rules.instructions import Login

MOST_FIELDS: Final = 40
PAIR: Final = re.compile(
    rf"^(?:with |the |a |an |my |your |set |enter |use |type )*(?:"
    rf"(?P<field>(?!{TOKEN})[^:=]+?)\s*(?::|=|\bis\b|\bto\b|\bas\b|\bof\b|\bwith\b|)\s*(?P<value>{TOKEN})"
    rf"|(?P<value2>{TOKEN}) (?:as|for|in|into) (?:the |a |an |my )?(?P<field2>.+)"
    rf"|(?P<field3>[^:=]+?)\s*[:=]\s*(?P<value3>.+)|(?P<field4>[\w-]+) (?P<value4>.+))$",
    re.IGNORECASE,
)
FIELD_WORDS: Final = re.compile(r"^(?:the |a |an |my )|\s+(?:field|box|input)$", re.IGNORECASE)
USERNAME: Final = re.compile(
    r"(?:user ?name|user|login|e-?mail(?: address)?|account|as)\s*(?::|=|is|of)?\s*"
    rf"(?P<value>{TOKEN}|(?!and\b|with\b|password\b)\S+)",
    re.IGNORECASE,
)
PASSWORD: Final = re.compile(rf"(?:password|passwd|pass|pw)\s*(?::|=|is|of)?\s*(?P<value>{TOKEN}|\S+)", re.IGNORECASE)
BOTH: Final = re.compile(
    rf"(?:with|using|as)\s+(?P<user>{TOKEN}|\w+)\s*(?:/|and|,|:)\s*(?P<password>{TOKEN}|\w+)$", re.IGNORECASE
)


def field_values(text: str, kept: Kept) -> tuple[tuple[str, str], ...]:
    """Empty if a part has no reading: a form half filled by a guess is worse than none."""
    pairs = []
    for part in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*", text.strip(" ,"))[:MOST_FIELDS]:
        found = PAIR.match(part)
        if found is None:
            return ()
        parts = found.groupdict()
        name = next(parts[key] for key in ("field", "field2", "field3", "field4") if parts[key])
        value = next(parts[key] for key in ("value", "value2", "value3", "value4") if parts[key])
        pairs.append((FIELD_WORDS.sub("", kept.back(name)), kept.back(value)))
    return tuple(pairs)


def login_of(text: str, kept: Kept) -> Login | None:
    if both := BOTH.search(text):
        return Login(kept.back(both["user"]), kept.back(both["password"]))
    password = PASSWORD.search(text)
    username = USERNAME.search(re.sub(r"^(?:log|sign)[ -]?in\b", "", text, flags=re.IGNORECASE))
    if password is None or username is None:
        return None
    return Login(kept.back(username["value"]).strip(","), kept.back(password["value"]).strip(","))
