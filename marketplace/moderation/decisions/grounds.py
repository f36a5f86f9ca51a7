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
    _l("Not the author’s own experience"),
    _l(
        "Your review is not about a service you used yourself. We publish what clients experienced "
        "themselves. You can write a new review about your own case."
    ),
)
OWN_OR_RIVAL = Ground(
    "own_or_rival",
    _l("From the provider or a competitor"),
    _l(
        "We have reason to believe that you belong to this provider or to one of its competitors. Only "
        "clients can write reviews. If we are wrong, you can appeal."
    ),
)
REWARDED = Ground(
    "rewarded",
    _l("Paid for or rewarded"),
    _l(
        "We have reason to believe that money, a discount or a gift was given or promised for this review, "
        "or for changing it. Nobody may give anything for a review, good or bad. If we are wrong, you can "
        "appeal."
    ),
)
SAME_TEXT = Ground(
    "same_text",
    _l("Same text twice"),
    _l(
        "Your review is very similar to one we already have. We publish each text only once. You can write a "
        "new review in your own words."
    ),
)
CONTACT_DETAILS = Ground(
    "contact_details",
    _l("Contact details or links"),
    _l(
        "The text contains an address, a phone number or a link. Remove it and send the text again. The rest "
        "can stay as it is."
    ),
)
INSULT_OR_PRIVATE_DATA = Ground(
    "insult_or_private_data",
    _l("Insult or private data"),
    _l(
        "The text insults someone, or mentions a person or data that is not public. Say what happened "
        "without this and send it again."
    ),
)
ABOUT_SOMETHING_ELSE = Ground(
    "about_something_else",
    _l("About something else"),
    _l(
        "Your review is about a different service or provider from the one it was written for. You can write "
        "it again on the right page."
    ),
)
SPAM = Ground(
    "spam",
    _l("Advertising or a campaign"),
    _l(
        "Your review looks like advertising, or like one of many that someone sent for the same purpose. We "
        "publish what clients experienced themselves. If we are wrong, you can appeal."
    ),
)
WRONG_TOPIC = Ground(
    "wrong_topic",
    _l("Wrong procedure"),
    _l(
        "The service you describe is not the procedure in this guide. Choose the guide it belongs to, or "
        "explain how it helps with this procedure, then send it again."
    ),
)
MISLEADING_PRICE = Ground(
    "misleading_price",
    _l("Misleading price or time"),
    _l(
        "The cost or time does not match what the service needs or what your website says. Enter what most "
        "clients pay and how long it takes, then send it again."
    ),
)
NOT_A_SERVICE = Ground(
    "not_a_service",
    _l("Not a service we list"),
    _l(
        "We list services that do paperwork for people or help them with it. From what we have read, this is "
        "something else."
    ),
)
INCOMPLETE = Ground(
    "incomplete",
    _l("Incomplete or unclear"),
    _l(
        "Something clients need to know is missing or unclear. Say what the client gets and still has to do, "
        "then send it again."
    ),
)
WEBSITE_BROKEN = Ground(
    "website_broken",
    _l("Website does not work"),
    _l(
        "We could not open the website, or it does not show the business. Correct the address or tell us "
        "when it works, then send it again."
    ),
)
IMPERSONATION = Ground(
    "impersonation",
    _l("Someone else’s name"),
    _l(
        "The name or website belongs to another business or a public body. Use your own, or show us that it "
        "is yours."
    ),
)
NO_LINK_TO_PROVIDER = Ground(
    "no_link_to_provider",
    _l("No link to the provider"),
    _l(
        "We found nothing that connects your account to this provider. Create an account with an email "
        "address from its website, or tell us how we can check it, then claim the provider again."
    ),
)
ALREADY_MANAGED = Ground(
    "already_managed",
    _l("Managed by someone else"),
    _l("Someone already manages this provider. Ask its members to add you."),
)

MISLEADING_OFFERS = Ground(
    "misleading_offers",
    _l("Misleading listings"),
    _l(
        "What you list here is not what clients get. The cost, time or service differs in ways they could "
        "not see beforehand. Correct your listings and tell us what you changed, and we will look at it "
        "again."
    ),
)
UNLAWFUL = Ground(
    "unlawful",
    _l("Unlawful, or without the required licence"),
    _l(
        "From what we know, you offer something that is against the law, or that needs a licence you have "
        "not shown us. Send us the licence or explain why you don’t need one, and we will look at it again."
    ),
)
POSES_AS_ANOTHER = Ground(
    "poses_as_another",
    _l("Pretends to be someone else"),
    _l(
        "You appear under the name or website of another business or a public body. Show us that it is "
        "yours, and we will look at it again."
    ),
)
FAKED_REVIEWS = Ground(
    "faked_reviews",
    _l("Fake or bought reviews"),
    _l(
        "We have reason to believe that reviews of your services were made up, bought or written under "
        "pressure. Reviews come from clients and are given freely. If we are wrong, tell us what we missed."
    ),
)
CLIENTS_HARMED = Ground(
    "clients_harmed",
    _l("Clients report harm"),
    _l(
        "Several clients told us that they paid and did not get the service, lost documents or were "
        "threatened. Tell us your side and what you did about it, and we will look at it again."
    ),
)
DOES_NOT_ANSWER = Ground(
    "does_not_answer",
    _l("Does not reply to us"),
    _l(
        "We asked you about your listings and did not hear from you within the time we gave. Reply to us, "
        "and we will look at it again."
    ),
)
CORRECTED = Ground(
    "corrected",
    _l("Corrected"),
    _l("What led to our decision has been corrected. Thank you for doing this."),
)
OUR_MISTAKE = Ground(
    "our_mistake",
    _l("Our mistake"),
    _l("Our decision was a mistake. We are sorry."),
)
UNFOUNDED = Ground(
    "unfounded",
    _l("Shown to be unfounded"),
    _l("We looked into what was reported and found that it is unfounded. Thank you for explaining it."),
)

REPLY_ABOUT_SOMETHING_ELSE = Ground(
    "about_something_else",
    _l("About something else"),
    _l("Your reply does not address what the review says. Give your side of that case, then send it again."),
)
REVEALS_CLIENT = Ground(
    "reveals_client",
    _l("Reveals who the client is, or details of the case"),
    _l(
        "Your reply says who the client is, or tells more about the case than the review does. Keep what "
        "clients tell you in confidence to yourself. Remove it and send the reply again."
    ),
)
PRESSURES_AUTHOR = Ground(
    "pressures_author",
    _l("Puts pressure on the author"),
    _l(
        "Your reply threatens the author, or promises something in return for another review. Answer what "
        "the review says without this, then send it again."
    ),
)

NO_BREACH = Ground(
    "no_breach",
    _l("Does not break any rules"),
    _l("We read what you reported and found that it does not break the law or our rules. It stays as it is."),
)
UNSUBSTANTIATED = Ground(
    "unsubstantiated",
    _l("Nothing we could check"),
    _l(
        "We could not find what you reported, and your explanation gives us no way to check it. If you can "
        "tell us more, report it again."
    ),
)
OPINION = Ground(
    "opinion",
    _l("The author’s opinion"),
    _l(
        "What you reported is the author’s opinion of a service. People may share their opinion here, even "
        "when it hurts. A provider can reply below the review."
    ),
)

STANDS = Ground(
    "stands",
    _l("The decision stands"),
    _l(
        "We looked at it again and came to the same decision. We read what you wrote, and this is why it "
        "does not change our decision:"
    ),
)
# What many reviews are rejected for at once.
SPAM_GROUNDS = (SPAM, SAME_TEXT, OWN_OR_RIVAL, NOT_OWN_EXPERIENCE)
REVERSAL_GROUNDS = (CORRECTED, OUR_MISTAKE, UNFOUNDED)


def draft_statement(ground: Ground, language: str) -> str:
    """The statement that a ground starts from, in the language of its reader."""
    with force_locale(interface_language(language).replace("-", "_")):
        return str(ground.draft)
