"""`marketplace reviews simulate-attack`."""

from __future__ import annotations

import json

from marketplace.public.offers.attacks import HONEST, MAILBOXES, play_attacks
from tests.clients import Runner


def test_the_best_places_are_printed(runner: Runner) -> None:
    result = runner.invoke(args=["reviews", "simulate-attack"])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"Best place out of {HONEST + 1}, against {HONEST} honest listings")
    assert [line.split()[:4] for line in lines[2:6]] == [
        ["nothing", str(mailboxes), "11", "11"] for mailboxes in MAILBOXES
    ]


def test_json_tells_every_way_to_cheat(runner: Runner) -> None:
    result = runner.invoke(args=["reviews", "simulate-attack", "--seed", "3", "--json"])
    told = json.loads(result.stdout)
    assert (told["seed"], told["listings"]) == (3, HONEST + 1)
    first, outcome = told["outcomes"][0], play_attacks(3)[0]
    assert len(told["outcomes"]) == len(play_attacks(3))
    assert (first["start"], first["mailboxes"], first["patient"]) == ("nothing", 5, False)
    assert (first["place_after"], first["high"]) == (outcome.place_after, outcome.high)
