"""The pages about the site: true to the code's numbers, in both languages, kept by caches, without a cookie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, g
from limits import parse

from marketplace.accounts import setup as accounts
from marketplace.accounts.privacy import views as views_data
from marketplace.billing.models import DEFAULT_SLOTS
from marketplace.billing.sync.states import GRACE, PASS_LENGTH
from marketplace.core.extensions import db
from marketplace.core.jobs.worker import KEEP_FAILED
from marketplace.core.revisions import raise_site_revision
from marketplace.moderation.appeals import queries as appeals
from marketplace.moderation.decisions import queries as decisions
from marketplace.moderation.decisions.labels import finding_word
from marketplace.moderation.decisions.registry import kinds
from marketplace.moderation.reports import services as flags
from marketplace.moderation.reports import tasks as tasks_flags
from marketplace.moderation.reports import views as views_flags
from marketplace.public.about.ranking_example import worked_examples
from marketplace.public.about.views import appealable_decisions
from marketplace.public.offers import ranking as rank
from marketplace.public.publish import services as publish
from marketplace.reviews import eligibility
from marketplace.reviews.invitations import accepting as invited
from marketplace.reviews.invitations import inviting
from marketplace.reviews.invitations import tasks as tasks_invites
from marketplace.reviews.invitations import views as views_invites
from marketplace.reviews.models import COUNTED_LEVELS, LEVELS, TEXT_LENGTH
from marketplace.reviews.proofs import services as proofs
from marketplace.reviews.proofs import views as views_proofs
from marketplace.reviews.queries import PUBLICATION_DAYS
from marketplace.reviews.ratings import rules as reports
from marketplace.reviews.ratings import weights
from marketplace.reviews.risk import networks
from marketplace.reviews.risk import rules as risk
from marketplace.reviews.votes import views as views_votes
from marketplace.reviews.writing import rules
from marketplace.reviews.writing.services import withdraw_review
from marketplace.text.personal_data import BLOCK, KINDS
from tests.clients import Client
from tests.clock import FrozenClock
from tests.factories import NOON, make_listing, make_price, make_review, make_topic, make_user
from tests.moderation.deciding import GROUNDS
from tests.pages import text_of

NAMES = ("ranking", "reviews", "advertising", "privacy", "terms", "contact")
OPERATOR = {
    "OPERATOR_NAME": "Papeles <Claros> S.L.",
    "OPERATOR_ADDRESS": "Calle Uno 1\n28001 Madrid",
    "OPERATOR_EMAIL": "Papeles Claros <hello@papeles.example>",
}


@pytest.mark.parametrize("prefix", ["", "/es"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_answers_without_a_cookie_and_with_304_while_nothing_changed(
    client: Client, name: str, prefix: str
) -> None:
    path = f"{prefix}/about/{name}/"
    first = client.get(path)
    assert first.status_code == 200
    assert "Set-Cookie" not in first.headers
    assert "Cookie" not in first.headers.get("Vary", "")
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize("name", NAMES)
def test_a_page_names_itself_and_its_other_language(app: Flask, client: Client, name: str) -> None:
    site = app.extensions["settings"].site_url
    page = client.page(f"/es/about/{name}/")
    assert page.root.get("lang") == "es"
    assert page.one("link", rel="canonical").get("href") == f"{site}/es/about/{name}/"
    assert page.one("link", hreflang="en").get("href") == f"{site}/about/{name}/"
    (here,) = [link for link in page.all("a", aria_current="page") if "/about/" in link.get("href", "")]
    assert here.get("href") == f"/es/about/{name}/"


def test_in_a_language_of_guides_alone_the_english_words_say_so(client: Client) -> None:
    make_topic(languages=("de",))
    db.session.commit()
    page = client.page("/de/about/ranking/")
    assert page.root.get("lang") == "de"
    assert [element for element in page.all("div", lang="en") if "desk" in element.get("class", "")]
    assert "0.15" in page.text, "numbers are written as the words around them"


@pytest.mark.parametrize(("prefix", "mark"), [("", "."), ("/es", ",")])
def test_the_ranking_page_shows_the_parameters_in_use(client: Client, prefix: str, mark: str) -> None:
    text = client.page(f"{prefix}/about/ranking/").text
    for number in (
        *(weights.HALF_LIFE_DAYS, rank.DIMMED_DAYS, rank.EXPIRY_DAYS, rank.SERVICE_WORDS, publish.ROW_LIMIT),
        *(float(weights.INVITED_WEIGHT), float(weights.INVITED_SHARE), weights.INVITED_ALLOWANCE),
        *(rank.PRIOR_WEIGHT, rank.PRIOR_MEAN, rank.FRESHNESS_BONUS, rank.COMPLETENESS_BONUS),
        round(rank.lower_bound(0, 0), 2),
    ):
        assert f" {number:g}".replace(".", mark) in text


@pytest.mark.parametrize(("prefix", "mark"), [("", "."), ("/es", ",")])
def test_the_example_shows_what_the_code_computes(
    client: Client, clock: FrozenClock, prefix: str, mark: str
) -> None:
    cells = client.page(f"{prefix}/about/ranking/").texts("td", class_="num")
    signs = {
        "rating": "",
        "counts": "",
        "mean": "",
        "doubt": "−",
        "freshness": "+",
        "completeness": "+",
        "score": "",
    }
    expected = [
        f"{sign}{getattr(example, name):.2f}".replace(".", mark)
        for name, sign in signs.items()
        for example in worked_examples(clock().date())
    ]
    assert cells == expected


def test_the_reviews_page_shows_the_rules_in_use(client: Client) -> None:
    text = client.page("/about/reviews/").text
    for sentence in (
        "You can write one review of a listing every 12 months.",
        f"within the last {rules.OLDEST_YEARS} years",
        f"{TEXT_LENGTH[0]} to {TEXT_LENGTH[1]:,} characters",
        f"Once its counted reports count for at least {reports.REPORTS_NEEDED} together",
        f"a period of at least {inviting.SHORTEST_PERIOD_DAYS} days",
        f"one reminder after {tasks_invites.REMIND_AFTER.days} days",
        f"within {invited.INVITATION_TTL.days} days",
        f"adds up points, to a maximum of {risk.LIMIT}",
        f"The risk is high from {risk.HIGH} points and medium from {risk.RAISED} points.",
        f"after {networks.KEPT_FOR.days} days",
        f"can send {rules.LIMIT_BY_ACCOUNT.split('/')[0]} reviews an hour",
        f"behind one network address can send {rules.LIMIT_BY_ADDRESS.split('/')[0]} an hour",
        f"confirm your email address within {flags.LINK_TTL.days} days",
        f"{tasks_flags.ERASE_AFTER.days} days after the decision",
        f"undo most decisions for {decisions.UNDO_SECONDS} seconds",
        f"delete them after {proofs.KEPT_DAYS} days at the latest",
        "appeal once, within 6 months",
    ):
        assert sentence in text
    assert eligibility.REVIEW_INTERVAL.days == 365
    assert timedelta(days=182) < appeals.APPEAL_WINDOW < timedelta(days=185)
    windows = [parse(limit).get_expiry() for limit in (rules.LIMIT_BY_ACCOUNT, rules.LIMIT_BY_ADDRESS)]
    assert windows == [3600, 3600], "the page says: in an hour"


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_the_reviews_page_lists_every_sign_and_bans_incentives(client: Client, prefix: str) -> None:
    page = client.page(f"{prefix}/about/reviews/")
    assert page.texts("td", class_="num") == [
        str(points) for points in sorted(risk.WEIGHTS.values(), reverse=True)
    ]
    assert all(page.one("h2", id=part) is not None for part in ("banned", "signs", "reports", "appeals"))
    links = page.links()
    assert {f"{prefix}/about/receipts/", f"{prefix}/about/decisions/"} <= set(links)


def test_the_reviews_page_lists_every_ground_and_no_other(client: Client) -> None:
    items = client.page("/about/reviews/").texts("li")
    labels = [str(ground.label) for ground in GROUNDS["review"]]
    assert "Paid for or rewarded" in labels, "the page bans it, so a moderator must be able to name it"
    start = items.index(labels[0])
    assert items[start : start + len(labels)] == labels
    replies = [str(ground.label) for ground in GROUNDS["reply"]]
    start = items.index(replies[0], start + len(labels))
    assert items[start : start + len(replies)] == replies


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [("", "published in the last year: median 2, longest 2."), ("/es", "mediana 2, máximo 2.")],
)
def test_the_longest_wait_is_stated_and_measured(
    client: Client, clock: FrozenClock, prefix: str, sentence: str
) -> None:
    page = client.page(f"{prefix}/about/reviews/")
    assert f" {PUBLICATION_DAYS} d" in page.text
    assert sentence not in page.text
    make_review(make_listing(make_topic()), submitted_at=NOON - timedelta(days=2), published_at=NOON)
    make_review(make_listing(make_topic()), submitted_at=NOON, published_at=None, status="pending")
    raise_site_revision()
    db.session.commit()
    text = client.page(f"{prefix}/about/reviews/").text
    assert sentence in text
    assert ("One review is waiting now. Days so far: 0." in text) is (prefix == "")
    assert all(page.one("h2", id=part) is not None for part in ("assessment", "standards"))


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_the_privacy_page_tells_what_the_law_asks_for(client: Client, prefix: str) -> None:
    page = client.page(f"{prefix}/about/privacy/")
    assert {"providers", "payments", "transfers", "erasing"} <= {
        heading.get("id") for heading in page.all("h2")
    }
    assert page.one("p", id="restriction").text


def test_only_levels_in_use_are_described(client: Client) -> None:
    page = client.page("/about/reviews/")
    assert page.texts("dt")[:3] == ["Unverified: 0", "Invited: 0", "Documented: 0"]
    counted, told = page.texts("dd")[1], page.texts("dd")[0]
    assert "The review counts" in counted
    assert "The review counts" not in told
    assert set(COUNTED_LEVELS) < set(LEVELS)
    assert "Confirmed" not in page.text


def test_a_level_that_a_review_has_is_described(client: Client) -> None:
    make_review(make_listing(make_topic()), level="confirmed")
    db.session.commit()
    assert "Confirmed: 1" in client.page("/about/reviews/").texts("dt")


def test_the_reviews_page_counts_what_readers_see_by_level(client: Client) -> None:
    listing = make_listing(make_topic())
    author = make_user()
    review = make_review(listing, level="documented", user=author)
    make_review(listing, level="documented")
    make_review(listing, level="documented", status="pending")
    db.session.commit()
    assert "Documented: 2" in client.page("/about/reviews/").texts("dt")
    withdraw_review(review, actor=author, now=NOON)
    db.session.commit()
    assert "Documented: 1" in client.page("/about/reviews/").texts("dt"), "the kept page is made anew"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_reviews_page_names_what_can_be_appealed_against_and_what_is_covered(
    app: Flask, client: Client, language: str
) -> None:
    page = client.page("/about/reviews/" if language == "en" else f"/{language}/about/reviews/")
    with app.test_request_context():
        g.language = language
        expected = appealable_decisions()
        covered = [finding_word(kind) for kind in KINDS]
    assert sum(actions.count(",") + 1 for _, actions in expected) == sum(
        len(kind.reversals) for kind in kinds()
    )
    shown = list(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert [pair for pair in shown if pair in expected] == expected
    assert all(word in page.text for word in (*covered, BLOCK))


def test_the_table_of_contents_of_the_reviews_page_has_valid_links(client: Client) -> None:
    page = client.page("/about/reviews/")
    here = [link.removeprefix("#") for link in page.links() if link.startswith("#")]
    assert {"levels", "banned", "signs", "reports", "appeals", "kept"} < set(here)
    for name in here:
        page.one(id=name)
    assert "/about/decisions.csv" in page.links()


def test_the_privacy_page_shows_the_retention_periods_in_use(app: Flask, client: Client) -> None:
    page = client.page("/about/privacy/")
    for sentence in (
        f"for {app.config['REMEMBER_COOKIE_DURATION'].days} days or until you sign out",
        f"after {KEEP_FAILED.days} days",
        f"after {tasks_invites.ERASE_AFTER.days} days in any case",
        f"{proofs.KEPT_DAYS} days at the latest",
        f"after {networks.KEPT_FOR.days} days",
        f"{tasks_flags.ERASE_AFTER.days} days after the decision",
        f"If you did not confirm the address, we delete both after {flags.LINK_TTL.days} days",
        "your votes, your receipts",
        "Then withdraw the listings and end the placement first",
        "through Stripe",
    ):
        assert sentence in page.text
    kept = (
        *(accounts.BY_NETWORK, *accounts.BY_ADDRESS.values(), views_data.TRIES),
        *(rules.LIMIT_BY_ACCOUNT, rules.LIMIT_BY_ADDRESS),
        *(views_invites.CHECKS, views_proofs.TRIES, views_votes.VOTES),
        *(views_flags.BY_NETWORK, views_flags.BY_ACCOUNT, views_flags.MAILS),
    )
    assert max(parse(limit).get_expiry() for limit in kept) == 86_400, "the page says: for a day at most"
    assert "/account/data/" in page.links()


def test_no_page_sends_to_the_mailbox_whoever_can_report_or_appeal_here(client: Client) -> None:
    for path, part in (
        ("/about/terms/", "#appeals"),
        ("/about/contact/", "#appeals"),
        ("/about/contact/", "#reports"),
    ):
        assert f"/about/reviews/{part}" in client.page(path).links()
    assert client.page("/about/reviews/").one("h2", id="appeals") is not None
    assert client.page("/about/privacy/").one("h2", id="erasing") is not None


def test_the_advertising_page_lists_what_is_not_for_sale_and_the_labels(client: Client) -> None:
    text = client.page("/about/advertising/").text
    assert "are never for sale" in text
    assert "There are no featured placements for sale at the moment." in text
    assert "“Referral link”" in text
    assert "“Sponsored”" in text


def test_the_advertising_page_has_the_prices_and_rules_in_use(client: Client) -> None:
    make_topic("peru")
    make_price("peru", month_amount=4950, pass_amount=None, topic_slots=2, country_slots=1)
    db.session.commit()
    page = client.page("/about/advertising/")
    text = page.text
    rows = [[text_of(cell) for cell in row] for row in page.all("tr")]
    assert rows[1] == ["Peru", "€49.50", "–", "2 + 1"]
    assert f"Each procedure and country has {DEFAULT_SLOTS} slots" in text
    assert f"A pass ends automatically after {PASS_LENGTH.days} days" in text
    assert f"the placement stays for {GRACE.days} days" in text
    spanish = client.page("/es/about/advertising/").text
    assert "Un lugar destacado por meses se renueva automáticamente hasta que lo canceles" in spanish


def test_the_contact_page_names_the_operator(client: Client, make_app: Callable[..., Flask]) -> None:
    other = make_app(**OPERATOR).test_client()
    page = other.page("/about/contact/")  # type: ignore[attr-defined]
    assert "Papeles <Claros> S.L." in page.text
    assert "Calle Uno 1 28001 Madrid" in page.text
    assert "mailto:hello@papeles.example" in page.links()
    assert "development" not in page.text
    assert "Papeles <Claros> S.L. runs this site" in other.page("/about/privacy/").text  # type: ignore[attr-defined]


def test_without_an_operator_the_pages_say_plainly_that_this_is_no_public_site(client: Client) -> None:
    for name in ("contact", "privacy"):
        assert ("This is a development copy") in client.page(f"/about/{name}/").text


def test_another_operator_is_another_page(client: Client, make_app: Callable[..., Flask]) -> None:
    etag = client.get("/about/contact/").headers["ETag"]
    other = make_app(**OPERATOR).test_client()
    assert other.get("/about/contact/", headers={"If-None-Match": etag}).status_code == 200
