"""What a cheater gains by the rules in force."""

from __future__ import annotations

from marketplace.public.offers.attacks import HONEST, MAILBOXES, Networks, Start, best_outcomes, play_attacks
from marketplace.reviews.ratings.weights import INVITED_ALLOWANCE

SEEDS = range(12)


def test_without_documented_reviews_no_cheater_passes_an_honest_listing() -> None:
    for seed in SEEDS:
        for outcome in play_attacks(seed):
            if outcome.attack.start == Start.NOTHING and outcome.attack.mailboxes <= 20:
                assert outcome.place_after == HONEST + 1, (seed, outcome)


def test_the_worst_listing_stays_the_last() -> None:
    for seed in SEEDS:
        for outcome in play_attacks(seed):
            if outcome.attack.start == Start.WORST:
                assert (outcome.place_before, outcome.place_after) == (HONEST + 1, HONEST + 1), (
                    seed,
                    outcome,
                )
                assert outcome.stars < 4


def test_mailboxes_in_the_provider_s_own_network_are_of_high_risk_unless_accounts_are_old_and_slow() -> None:
    for outcome in play_attacks():
        attack = outcome.attack
        if attack.networks == Networks.OWN and not attack.old_accounts:
            assert outcome.high == attack.mailboxes
        if attack.networks == Networks.OWN:
            assert outcome.raised == attack.mailboxes


def test_ten_at_once_are_never_of_low_risk() -> None:
    for outcome in play_attacks():
        if outcome.attack.mailboxes >= 10 and not outcome.attack.patient:
            assert outcome.raised == outcome.attack.mailboxes, outcome


def test_every_way_to_cheat_is_played_and_the_same_each_time() -> None:
    outcomes = play_attacks()
    assert len({outcome.attack for outcome in outcomes}) == len(outcomes) == 3 * len(MAILBOXES) * 2 * 3 * 2
    assert play_attacks.__wrapped__() == outcomes
    best = best_outcomes(outcomes)
    assert [(one.attack.start, one.attack.mailboxes) for one in best] == [
        (start, mailboxes) for start in Start for mailboxes in MAILBOXES
    ]
    for one in best:
        same = [
            o
            for o in outcomes
            if (o.attack.start, o.attack.mailboxes) == (one.attack.start, one.attack.mailboxes)
        ]
        assert one.place_after == min(outcome.place_after for outcome in same)
    assert INVITED_ALLOWANCE == 1, "else the page about the order needs other words"
