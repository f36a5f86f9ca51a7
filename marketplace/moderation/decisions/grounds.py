"""The grounds of decisions, each with the statement drafted from it. Each action of a kind names those that it takes.

Decisions keep the codes for ever: add new ones, never change what one means. Labels and drafts are lazy: they are
translated when they are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from marketplace.i18n.languages import interface_language

Words = Any  # a lazy string


@dataclass(frozen=True, slots=True)
class Ground:
    """`code` is kept; `label` names the ground for moderators and readers, `draft` is the statement it starts from."""

    code: str
    label: Words
    draft: Words


NOT_OWN_EXPERIENCE = Ground(
    "not_own_experience",
    _l("Not an own experience"),
    _l(
        "Your review does not tell about a service that you used yourself. We publish what clients lived through. "
        "You can write a new one about your own case."
    ),
)
OWN_OR_RIVAL = Ground(
    "own_or_rival",
    _l("Own provider or a rival"),
    _l(
        "We have reason to think that you belong to this provider or to one that competes with it. "
        "Reviews come from clients only. If we are wrong, you can appeal."
    ),
)
REWARDED = Ground(
    "rewarded",
    _l("Paid for or rewarded"),
    _l(
        "We have reason to think that money, a discount or a gift was given or promised for this review or for a change "
        "of it. Reviews are free of that, good or bad. If we are wrong, you can appeal."
    ),
)
SAME_TEXT = Ground(
    "same_text",
    _l("Same text twice"),
    _l(
        "Your review is very close to one that we have already. We publish a text once. "
        "You can write a new one in your own words."
    ),
)
CONTACT_DETAILS = Ground(
    "contact_details",
    _l("Contact details or links"),
    _l(
        "The text holds an address, a telephone number or a link. "
        "Take it out and send the text again; the rest can stay as it is."
    ),
)
INSULT_OR_PRIVATE_DATA = Ground(
    "insult_or_private_data",
    _l("Insult or private data"),
    _l(
        "The text insults somebody, or names a person or data that are not public. "
        "Say what happened without them and send it again."
    ),
)
ABOUT_SOMETHING_ELSE = Ground(
    "about_something_else",
    _l("About something else"),
    _l(
        "Your review tells about another service or provider than the one it was written for. "
        "You can write it again on the page of the right one."
    ),
)
SPAM = Ground(
    "spam",
    _l("Advertising or a campaign"),
    _l(
        "Your review looks like advertising, or like one of many that somebody sent for the same end. "
        "We publish what clients lived through themselves. If we are wrong, you can appeal."
    ),
)
WRONG_TOPIC = Ground(
    "wrong_topic",
    _l("Wrong procedure"),
    _l(
        "The service that you describe is not the procedure of this guide. "
        "Choose the guide it belongs to, or say how it helps with this one, and send it again."
    ),
)
MISLEADING_PRICE = Ground(
    "misleading_price",
    _l("Misleading price or time"),
    _l(
        "The cost or the time does not fit what the service needs or what your website says. "
        "State what most clients pay and how long it takes, and send it again."
    ),
)
NOT_A_SERVICE = Ground(
    "not_a_service",
    _l("Not a service for this"),
    _l(
        "We list services that do the paperwork for people or help them with it. "
        "From what we read, this is something else."
    ),
)
INCOMPLETE = Ground(
    "incomplete",
    _l("Incomplete or unclear"),
    _l(
        "Something that a client needs to know is missing or not clear. "
        "Say what the client gets and still has to do, and send it again."
    ),
)
WEBSITE_BROKEN = Ground(
    "website_broken",
    _l("Website does not work"),
    _l(
        "We could not open the website, or it does not show the business. "
        "Correct the address or tell us when it works, and send it again."
    ),
)
IMPERSONATION = Ground(
    "impersonation",
    _l("Somebody else's name"),
    _l(
        "The name or the website belongs to another business or to a public office. "
        "Use your own, or show us that it is yours."
    ),
)
NO_LINK_TO_PROVIDER = Ground(
    "no_link_to_provider",
    _l("No link to the provider"),
    _l(
        "We found nothing that ties your account to this provider. "
        "Sign up with an address of its website, or tell us how we can check it, and claim it again."
    ),
)
ALREADY_MANAGED = Ground(
    "already_managed",
    _l("Managed by somebody else"),
    _l("This provider is managed by somebody already. Ask its members to add you."),
)

MISLEADING_OFFERS = Ground(
    "misleading_offers",
    _l("Misleading offers"),
    _l(
        "What you offer here is not what clients get: cost, time or service differ in ways that they could not see "
        "before. Correct your offers, tell us what you changed, and we look at it again."
    ),
)
UNLAWFUL = Ground(
    "unlawful",
    _l("Unlawful, or without the licence it needs"),
    _l(
        "From what we know, you offer something that the law does not allow, or that needs a licence that you have not "
        "shown us. Send us the licence or explain why none is needed, and we look at it again."
    ),
)
POSES_AS_ANOTHER = Ground(
    "poses_as_another",
    _l("Poses as somebody else"),
    _l(
        "You appear under the name or the website of another business or of a public office. "
        "Show us that it is yours, and we look at it again."
    ),
)
FAKED_REVIEWS = Ground(
    "faked_reviews",
    _l("Reviews faked or bought"),
    _l(
        "We have reason to think that reviews of your services were invented, bought or pressed for. "
        "Reviews come from clients and are free. If we are wrong, tell us what we did not see."
    ),
)
CLIENTS_HARMED = Ground(
    "clients_harmed",
    _l("Clients report harm"),
    _l(
        "Several clients told us that they paid and did not get the service, lost papers or were threatened. "
        "Tell us your side and what you did about it, and we look at it again."
    ),
)
DOES_NOT_ANSWER = Ground(
    "does_not_answer",
    _l("Does not answer us"),
    _l(
        "We asked you about your listings and got no answer in the time that we gave. "
        "Answer us, and we look at it again."
    ),
)
CORRECTED = Ground(
    "corrected",
    _l("Corrected"),
    _l("What led to our decision is corrected. Thank you for doing so."),
)
OUR_MISTAKE = Ground(
    "our_mistake",
    _l("Our mistake"),
    _l("Our decision was a mistake of ours. We are sorry for it."),
)
UNFOUNDED = Ground(
    "unfounded",
    _l("Shown to be unfounded"),
    _l("We looked at what was reported and found that it does not hold. Thank you for explaining it."),
)

REPLY_ABOUT_SOMETHING_ELSE = Ground(
    "about_something_else",
    _l("About something else"),
    _l("Your reply does not answer what the review says. Say your side of that case, and send it again."),
)
REVEALS_CLIENT = Ground(
    "reveals_client",
    _l("Reveals who the client is, or the case"),
    _l(
        "Your reply says who the client is, or tells of the case what the review does not. "
        "What a client entrusted to you stays with you. Take it out and send the reply again."
    ),
)
PRESSURES_AUTHOR = Ground(
    "pressures_author",
    _l("Puts pressure on the author"),
    _l(
        "Your reply threatens the author, or promises something for another review. "
        "Answer what the review says without it, and send it again."
    ),
)

NO_BREACH = Ground(
    "no_breach",
    _l("Breaks no rule"),
    _l(
        "We read what you reported and found that it breaks neither the law nor our rules. It stays as it is."
    ),
)
UNSUBSTANTIATED = Ground(
    "unsubstantiated",
    _l("Nothing to go by"),
    _l(
        "We could not find what you reported, and your explanation gives us nothing to check it by. "
        "If you can tell us more, report it again."
    ),
)
OPINION = Ground(
    "opinion",
    _l("An opinion of its author"),
    _l(
        "What you reported is what its author thinks of a service. People may say so here, also where it hurts. "
        "A provider can answer below the review."
    ),
)

STANDS = Ground(
    "stands",
    _l("The decision stands"),
    _l(
        "We looked at it anew and come to the same. What you wrote was read, and this is why it does not change it:"
    ),
)
# What many reviews are rejected for at once.
SPAM_GROUNDS = (SPAM, SAME_TEXT, OWN_OR_RIVAL, NOT_OWN_EXPERIENCE)
REVERSAL_GROUNDS = (CORRECTED, OUR_MISTAKE, UNFOUNDED)


def draft_statement(ground: Ground, language: str) -> str:
    """The statement that a ground starts from, in the language of its reader."""
    with force_locale(interface_language(language).replace("-", "_")):
        return str(ground.draft)
