"""Where the API is and with which key: a key belongs to exactly one origin."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

import httpx

from notte_dashboard.notte_api.public import leads_inside

KEY_MARK = "[api key]"
SCHEMES = frozenset({"http", "https"})


@dataclass(frozen=True)
class Connection:
    base_url: str
    api_key: str = field(repr=False)
    name: str = ""
    public_only: bool = False
    """The address was given by a member, not by whoever runs the server: it must not lead into a private network."""

    def __post_init__(self) -> None:
        _check_key(self.api_key)
        object.__setattr__(self, "base_url", _checked_base_url(self.base_url))
        # A name is looked at whenever it is connected to; a number is connected to as it is.
        if self.public_only and leads_inside(httpx.URL(self.base_url).host):
            raise ValueError("base_url leads into a private network")

    @cached_property
    def origin(self) -> str:
        return origin_of(httpx.URL(self.base_url))

    def carries_key(self, text: str) -> bool:
        """Whether the key stands in the text, plain or percent-encoded in part, wholly or more than once."""
        if self.api_key in text:
            return True
        return "%" in text and self._never_encoded in text and self._encoded_key.search(text) is not None

    def redact(self, text: str) -> str:
        if not self.carries_key(text):
            return text
        return self._encoded_key.sub(KEY_MARK, text.replace(self.api_key, KEY_MARK))

    def websocket_url(self, path: str, **query: str) -> str:
        """The result may carry a token: not for logs."""
        address = "ws" + self.base_url.removeprefix("http") + path
        return f"{address}?{urlencode(query)}" if query else address

    @cached_property
    def _never_encoded(self) -> str:
        """The longest part of the key that no encoder touches: a quick look for it spares the slow one."""
        return max(re.split(r"[^A-Za-z0-9_.~-]", self.api_key), key=len)

    @cached_property
    def _encoded_key(self) -> re.Pattern[str]:
        return re.compile("".join(_character_pattern(character) for character in self.api_key))


def origin_of(url: httpx.URL) -> str:
    """Scheme, host and port, the port only where it is not the scheme's own."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _character_pattern(character: str) -> str:
    digits = "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in f"{ord(character):02x}")
    return f"(?:{re.escape(character)}|%(?:25)*{digits})"


def _check_key(key: str) -> None:
    if not key:
        raise ValueError("api_key is empty")
    if not all("!" <= character <= "~" for character in key):
        raise ValueError("api_key holds a space, a control character or a letter outside ASCII")


def _checked_base_url(base_url: str) -> str:
    if not base_url.isprintable() or any(character in base_url for character in " \\"):
        raise ValueError("base_url holds a space, a backslash or a control character")
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise ValueError(f"base_url is not a URL: {error}") from error
    if url.scheme not in SCHEMES:
        raise ValueError("base_url must begin with http:// or https://")
    if not url.host:
        raise ValueError("base_url names no host")
    if not _can_be_looked_up(url):
        raise ValueError("base_url names a host with an empty part or one of more than 63 letters")
    if "@" in base_url:
        raise ValueError("base_url must not hold a user name or password")
    if "?" in base_url or "#" in base_url:
        raise ValueError("base_url must not hold a query or a fragment")
    # Twice: httpx drops a default port only after a lower-case scheme.
    return str(httpx.URL(str(url))).rstrip("/")


def _can_be_looked_up(url: httpx.URL) -> bool:
    """Python looks up no other names: it raises UnicodeError instead of saying that there is no such host."""
    try:
        url.raw_host.decode("ascii").encode("idna")
    except UnicodeError:
        return False
    return True
