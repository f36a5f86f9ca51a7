"""Random operations on reviews, checked against the model after each."""

from __future__ import annotations

import random
from collections import Counter

from tests.reviews.life import AUTHORS, LISTINGS, Life

OPERATIONS = (
    *("write",) * 4,
    *("edit",) * 2,
    *("decide",) * 5,
    *("decide_edit",) * 2,
    *("drop", "withdraw", "reply", "decide_reply", "vote", "reprice", "wait"),
)


def play(chance: random.Random, operations: int) -> Counter[str]:
    """Do so many operations; the sums of every listing are compared after each, every review now and then. Returns how many
    of each kind there were."""
    life, done = Life(), Counter[str]()
    for number in range(operations):
        name = chance.choice(OPERATIONS)
        _do(life, name, chance)
        life.check(None if number % 50 == 0 else [])
        done[name] += 1
    life.check()
    return done


def _do(life: Life, name: str, chance: random.Random) -> None:
    pick, undo = chance.randrange(10_000), chance.random() < 0.3
    cost = chance.choice((None, chance.randint(390_000, 450_000)))
    if name == "write":
        took = chance.choice((None, chance.randint(1, 40)))
        person = chance.randrange(AUTHORS + LISTINGS)
        life.write(chance.randrange(LISTINGS), person, chance.randint(1, 5), cost, took)
    elif name == "edit":
        life.edit(pick, chance.randint(1, 5), cost)
    elif name == "decide":
        action = chance.choice(("publish", "publish", "publish", "reject", "hide", "restore"))
        life.decide(pick, action, chance.choice(("unverified", "invited", "confirmed")), undo)
    elif name == "decide_edit":
        life.decide_edit(pick, chance.choice(("publish", "reject")), undo)
    elif name == "decide_reply":
        life.decide_reply(pick, chance.choice(("publish", "reject")), undo)
    elif name in ("drop", "reply"):
        getattr(life, name)(pick, *((chance.random() < 0.2,) if name == "reply" else ()))
    elif name == "withdraw":
        life.withdraw(pick, chance.random() < 0.5)
    elif name == "vote":
        life.vote(pick, chance.randrange(AUTHORS + LISTINGS), chance.random() < 0.3)
    elif name == "reprice":
        fee = chance.randint(390_000, 450_000)
        life.reprice(chance.randrange(LISTINGS), fee, chance.choice(("MXN", "MXN", "EUR")))
    else:
        life.wait(chance.choice((1, 30, 120)))
