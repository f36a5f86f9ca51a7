"""The numbers of the page about reviews, taken from the code that uses them."""

from __future__ import annotations

from datetime import timedelta

from limits import parse

from marketplace.moderation.appeals import queries as appeals
from marketplace.moderation.decisions import queries as decisions
from marketplace.moderation.models import STATEMENT_LENGTH
from marketplace.moderation.queue import queries as queue
from marketplace.moderation.reports import services as reports
from marketplace.moderation.reports import tasks as tasks_reports
from marketplace.public.offers import attacks
from marketplace.reviews import eligibility
from marketplace.reviews.invitations import accepting, inviting
from marketplace.reviews.invitations import tasks as tasks_invites
from marketplace.reviews.models import TEXT_LENGTH
from marketplace.reviews.proofs import services as proofs
from marketplace.reviews.proofs import types as proof_types
from marketplace.reviews.queries import PUBLICATION_DAYS
from marketplace.reviews.ratings.rules import REPORTS_NEEDED
from marketplace.reviews.replies import services as replies
from marketplace.reviews.risk import networks
from marketplace.reviews.risk import rules as risk
from marketplace.reviews.votes import services as votes
from marketplace.reviews.writing import edits, rules
from marketplace.text import near_duplicates
from marketplace.values.timeframe import UNIT_MINUTES

DAYS_PER_MONTH = 365 / 12
MEGABYTE = 1024 * 1024


def months(time: timedelta) -> int:
    """A time in whole months."""
    return round(time.days / DAYS_PER_MONTH)


def review_rules() -> dict[str, float]:
    """The numbers by their names in the templates `about/reviews*.html`. A suffix such as `_days` gives the unit."""
    return {
        # Writing and inviting.
        "years": rules.OLDEST_YEARS,
        "once_months": months(eligibility.REVIEW_INTERVAL),
        "least": TEXT_LENGTH[0],
        "most": TEXT_LENGTH[1],
        "by_account": parse(rules.LIMIT_BY_ACCOUNT).amount,
        "by_address": parse(rules.LIMIT_BY_ADDRESS).amount,
        "edits": edits.EDITS_PER_DAY,
        "reports": REPORTS_NEEDED,
        "days_per_week": UNIT_MINUTES["weeks"] / UNIT_MINUTES["days"],
        "business_days_per_week": UNIT_MINUTES["weeks"] / UNIT_MINUTES["business_days"],
        "days_per_year": 12 * UNIT_MINUTES["months"] / UNIT_MINUTES["days"],
        "shortest": inviting.SHORTEST_PERIOD_DAYS,
        "longest_ago_months": months(inviting.OLDEST_PERIOD),
        "batch": inviting.BATCH_LIMIT,
        "month": inviting.MONTHLY_LIMIT,
        "month_days": inviting.MONTH.days,
        "again_months": months(inviting.REINVITE_AFTER),
        "lasts": accepting.INVITATION_TTL.days,
        "remind": tasks_invites.REMIND_AFTER.days,
        "invite_days": tasks_invites.ERASE_AFTER.days,
        # Checking.
        "wait": queue.LONGEST_WAIT,
        "publication_days": PUBLICATION_DAYS,
        "undo_seconds": decisions.UNDO_SECONDS,
        "statement_least": STATEMENT_LENGTH[0],
        "proofs": proofs.PROOFS_PER_REVIEW,
        "proof_size": proof_types.LARGEST_FILE // MEGABYTE,
        "proof_days": proofs.KEPT_DAYS,
        "proof_rejected": proofs.AFTER_REJECTION.days,
        "risk_limit": risk.LIMIT,
        "risk_high": risk.HIGH,
        "risk_raised": risk.RAISED,
        "network_ipv4": networks.IPV4_PREFIX,
        "network_ipv6": networks.IPV6_PREFIX,
        "network_days": networks.KEPT_FOR.days,
        "similar": near_duplicates.SIMILAR,
        "run": near_duplicates.RUN,
        # Cheating.
        "honest": attacks.HONEST,
        "honest_reviews": attacks.HONEST_REVIEWS,
        "honest_low": attacks.HONEST_SUMS[0] / attacks.HONEST_REVIEWS,
        "honest_high": attacks.HONEST_SUMS[1] / attacks.HONEST_REVIEWS,
        "places": attacks.HONEST + 1,
        # Answering.
        "reply_least": replies.REPLY_LENGTH[0],
        "reply_most": replies.REPLY_LENGTH[1],
        "vote_minutes": int(votes.REFRESH_INTERVAL.total_seconds() // 60),
        "flag_days": reports.LINK_TTL.days,
        "reporter_days": tasks_reports.ERASE_AFTER.days,
        "appeal_months": months(appeals.APPEAL_WINDOW),
    }
