"""Pure: which email addresses reach one mailbox, or one person, however they are written.

Nothing here says that somebody cheats: addresses only tell moderators where to look.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from marketplace.providers.websites import normal_host
from marketplace.text.clean import domain_of, parts_of

# Who gives mailboxes to anybody, in seconds and for nothing.
FREE_MAIL = frozenset(
    (
        "126.com 163.com abv.bg aol.com arcor.de centrum.cz fastmail.com free.fr freemail.hu gmail.com "
        "gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hotmail.co.uk hotmail.com hotmail.de "
        "hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.lv inbox.ru interia.pl "
        "laposte.net libero.it list.ru live.com live.com.mx mac.com mail.bg mail.com mail.ru me.com "
        "msn.com naver.com o2.pl onet.pl orange.fr outlook.com outlook.de outlook.es outlook.fr pm.me "
        "posteo.de proton.me protonmail.com qq.com rediffmail.com seznam.cz t-online.de tutanota.com "
        "tuta.com tuta.io virgilio.it web.de wp.pl yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.br "
        "yahoo.com.mx yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com zoho.com"
    ).split()
)
SAME_SERVICE = {"googlemail.com": "gmail.com", "pm.me": "proton.me", "protonmail.com": "proton.me"}
# Services that ignore dots before the @.
IGNORES_DOTS = frozenset({"gmail.com"})
# A shorter name, such as “contact” or “daniel”, is that of many.
SHORTEST_NAME = 8
_TAG = re.compile(r"[+].*$")
_NO_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class AddressSigns:
    """What stands out in a list of addresses: how many resemble one of a member of the provider, have the provider's domain,
    are another way to write one mailbox that is on the list, and are of a free service."""

    near_members: int = 0
    own_domain: int = 0
    same_mailbox: int = 0
    free_mail: int = 0


def mailbox_of(address: str) -> str:
    """The mailbox that an address reaches: without its tag, and without dots where the service ignores them."""
    local, domain = parts_of(address)
    domain = SAME_SERVICE.get(domain, domain)
    local = _TAG.sub("", local)
    return f"{local.replace('.', '') if domain in IGNORES_DOTS else local}@{domain}"


def is_free(address: str) -> bool:
    """Whether the address is of a service where anybody gets one for nothing."""
    return domain_of(address) in FREE_MAIL


def resembles(address: str, other: str) -> bool:
    """Whether two addresses look like one person's: one mailbox, or the same name before the @ but for digits and marks."""
    if mailbox_of(address) == mailbox_of(other):
        return True
    name, its_name = _name(address), _name(other)
    return name == its_name and len(name) >= SHORTEST_NAME


def is_own_domain(address: str, host: str, members: Iterable[str]) -> bool:
    """Whether an address is of the provider's website or of the company a member writes from; free services are nobody's."""
    domain = normal_host(domain_of(address))
    own = {
        normal_host(host),
        *(normal_host(domain_of(member)) for member in members if not is_free(member)),
    }
    return domain not in FREE_MAIL and any(
        name and (domain == name or domain.endswith(f".{name}") or name.endswith(f".{domain}"))
        for name in own
    )


def address_signs(addresses: Collection[str], *, host: str, members: Collection[str]) -> AddressSigns:
    """What stands out in the addresses of a list for a provider with this website's host and these members' addresses."""
    return AddressSigns(
        near_members=sum(any(resembles(address, member) for member in members) for address in addresses),
        own_domain=sum(is_own_domain(address, host, members) for address in addresses),
        same_mailbox=len(addresses) - len({mailbox_of(address) for address in addresses}),
        free_mail=sum(is_free(address) for address in addresses),
    )


def _name(address: str) -> str:
    return _NO_LETTERS.sub("", _TAG.sub("", parts_of(address)[0]))
