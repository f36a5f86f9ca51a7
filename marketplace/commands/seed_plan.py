"""Which row of `marketplace seed` belongs to which: worked out from its number alone, so that each can be made by itself.

Topics, members, providers, listings and reviews are numbered from 0; a row's id in the database is its number plus 1, a
member's plus the accounts that were there. As on real sites, not everything is alike: the first topic has a table as long
as a table gets, the first listing has more reviews than any other, and not every listing is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

LISTINGS_EACH = 5  # of a provider
REVIEWS_EACH = 10  # of a member, at most
LONGEST_TABLE = 100
MOST_REVIEWS = 10_000
MOST_WAITING = 500
# Of fifty listings, these were never published and have no reviews; the two before are paused and withdrawn.
FIFTY, NEVER_PUBLISHED = 50, (48, 49)


def mixed(number: int, salt: int = 0) -> int:
    """A number of 32 bits that looks like chance and is the same each time (Knuth's multiplicative hashing, then folded)."""
    found = ((number + 1) * 2_654_435_761 + salt * 40_503) & 0xFFFFFFFF
    return (found ^ (found >> 15)) * 2_246_822_519 & 0xFFFFFFFF


@dataclass(frozen=True)
class Plan:
    """A site of so many topics, listings and reviews; `accounts` were there before."""

    topics: int
    listings: int
    reviews: int
    accounts: int = 0

    @cached_property
    def providers(self) -> int:
        """The number of providers; each has one member, numbered as the provider is."""
        return -(-self.listings // self._listings_each)

    @cached_property
    def _listings_each(self) -> int:
        return max(1, min(LISTINGS_EACH, self.topics - 1))

    @cached_property
    def reviewed(self) -> int:
        """The number of listings that were published, which have the reviews."""
        rounds, rest = divmod(self.listings, FIFTY)
        kept = FIFTY - len(NEVER_PUBLISHED)
        return rounds * kept + min(rest, kept)

    @cached_property
    def authors(self) -> int:
        """The number of members who write reviews, numbered after those of the providers."""
        return -(-self.reviews // max(1, min(REVIEWS_EACH, self.reviewed - 1)))

    @cached_property
    def _first_has(self) -> int:
        """How many reviews the first listing has, each by another author: a fifth of all at most."""
        return (
            min(MOST_REVIEWS, self.authors, max(1, self.reviews // 5)) if self.reviewed > 1 else self.reviews
        )

    @cached_property
    def waiting(self) -> int:
        """How many of the newest reviews wait for a moderator."""
        return min(MOST_WAITING, self.reviews // 50)

    def problem(self) -> str | None:
        """Why there can be no such site."""
        if self.topics < 1 or min(self.listings, self.reviews) < 0:
            return "At least one topic, and no numbers below zero."
        if self.reviews and self.reviewed < 2:
            return "Reviews need at least two listings."
        return None

    def topic_of(self, listing: int) -> int:
        """The topic of a listing; a provider offers each topic once."""
        provider, place = divmod(listing, self._listings_each)
        if self.topics == 1 or (place == 0 and provider < min(LONGEST_TABLE, max(1, self.providers // 4))):
            return 0
        return 1 + listing % (self.topics - 1)

    def provider_of(self, listing: int) -> int:
        """The provider of a listing."""
        return listing // self._listings_each

    def listings_of(self, provider: int) -> range:
        """The listings of a provider."""
        start = provider * self._listings_each
        return range(start, min(start + self._listings_each, self.listings))

    def listing_of(self, review: int) -> int:
        """The listing of a review. No author writes about a listing twice: each round of reviews moves all authors on by one
        listing, and none comes back to the first."""
        if review < self._first_has:
            return 0
        turn, author = divmod(review, self.authors)
        return self._published(1 + (author + turn) % (self.reviewed - 1))

    def author_of(self, review: int) -> int:
        """The member who wrote a review."""
        return self.providers + review % self.authors

    def reviews_of(self, listing: int) -> Iterator[int]:
        """The reviews of a listing: `listing_of` the other way round."""
        if listing == 0:
            yield from range(self._first_has)
        elif listing % FIFTY not in NEVER_PUBLISHED:
            others, place = self.reviewed - 1, self._place(listing) - 1
            for turn in range(-(-self.reviews // max(1, self.authors))):
                start, end = turn * self.authors, min((turn + 1) * self.authors, self.reviews)
                for review in range(start + (place - turn) % others, end, others):
                    if review >= self._first_has:
                        yield review

    def _published(self, place: int) -> int:
        rounds, rest = divmod(place, FIFTY - len(NEVER_PUBLISHED))
        return rounds * FIFTY + rest

    def _place(self, listing: int) -> int:
        rounds, rest = divmod(listing, FIFTY)
        return rounds * (FIFTY - len(NEVER_PUBLISHED)) + rest

    def member_id(self, member: int) -> int:
        """The id of a member."""
        return self.accounts + member + 1
