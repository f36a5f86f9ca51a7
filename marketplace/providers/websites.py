"""Websites of providers: the address that is kept, the host that identifies it, and whether it carries a referral. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from marketplace.core.errors import Invalid
from marketplace.guides.hugo.guide_file import link_cell
from marketplace.providers.models import WEBSITE_LENGTH

HOST_LENGTH = 253
LABEL_LENGTH = 63
_DOTS = re.compile("[\u3002\uff0e\uff61]")
_SCHEME = re.compile(r"https?(?=://)", re.IGNORECASE)
_BARE_HOST = re.compile(r"[^\s/:?#@\\]+\.[^\s/:?#@\\.]+(?::[0-9]+)?(?:[/?#]\S*)?")
_REFERRAL_KEY = re.compile(
    r"ref(?:errer|erral|er|code|id|_?id|_code|_src)?|aff(?:iliate)?(?:_?id|_?code)?|a_aid|partner(?:_?id|_?code)?|via|"
    r"utm_\w+|invite(?:_?code)?|coupon|promo(?:_?code)?|irclickid|clickid|tag|campaign(?:_?id)?|source",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Website:
    """An http(s) address, and its host in lower case without `www.`, international names in their own letters."""

    url: str
    host: str


def read_website(text: str) -> Website:
    """The website that was typed; `example.com` means `https://example.com`. Raises `Invalid` on the field `website`:
    missing, too long, or no http(s) address."""
    typed = text.strip()
    if _BARE_HOST.fullmatch(typed):
        typed = f"https://{typed}"
    if not typed:
        raise Invalid("website_missing", "website")
    if len(typed) > WEBSITE_LENGTH:
        raise Invalid("website_long", "website")
    scheme = _SCHEME.match(typed)
    if scheme is None:
        raise Invalid("website_address", "website")
    url = scheme[0].lower() + typed[scheme.end() :]
    try:
        link_cell("website", url)  # what can be published in a guide: no blanks, no credentials, a plain host
        host = normal_host(urlsplit(url).netloc.partition(":")[0])
    except ValueError:
        raise Invalid("website_address", "website") from None
    if not _is_public_name(host):
        raise Invalid("website_address", "website")
    return Website(url, host)


def normal_host(host: str) -> str:
    """One spelling of a host name: lower case, composed letters, punycode decoded, without a final dot or `www.`."""
    name = unicodedata.normalize("NFKC", _DOTS.sub(".", host)).lower().removesuffix(".")
    name = ".".join(_decoded(label) for label in name.split("."))
    shorter = name.removeprefix("www.")
    return shorter if "." in shorter else name


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    # A name that decodes to something else than a label stays as it is written.
    normal = unicodedata.normalize("NFKC", decoded).lower()
    plain = (
        not decoded
        or decoded.isascii()
        or normal != decoded
        or any(c in "./:@?#\\" or c.isspace() for c in decoded)
    )
    return label if plain else decoded


def _is_public_name(host: str) -> bool:
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit():  # a name of this machine, or an address of numbers
        return False
    sizes = [len(label.encode("punycode")) + 4 if not label.isascii() else len(label) for label in labels]
    hyphens = any(label.startswith("-") or label.endswith("-") for label in labels)
    return not hyphens and max(sizes) <= LABEL_LENGTH and sum(sizes) + len(sizes) - 1 <= HOST_LENGTH


def carries_referral(url: str) -> bool:
    """Whether a link tells its target who sent the visitor: such a link is labelled."""
    try:
        query = urlsplit(url).query
    except ValueError:
        return False
    return any(_REFERRAL_KEY.fullmatch(name) for name, _ in parse_qsl(query, keep_blank_values=True))
