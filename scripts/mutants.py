"""Draws small faults (mutants) in rules, services and queries, plants each in a copy of the checkout, and says which the
tests notice.

`python -m scripts.mutants draw --seed 9 --count 120 -o kept.json` keeps a list; `python -m scripts.mutants run kept.json -o
result.json` tries it, also after the code was moved: a mutant is found again by its function and statement, not by its
line. A run that was stopped goes on where it was. Shards (`--shard 1/2`) write to files of their own.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scripts.faults import Site, Spot, planted, sites_of, spots_of
from scripts.trials import CHECKOUT, SHARED, Copy, attempt

FEATURES = "accounts billing directory guides listings moderation reviews values".split()
# Words, forms, pages, mails, tables, jobs and what binds libraries are neither rules nor services nor queries.
APART = re.compile(
    r"(^|_)(words|wording|labels|forms?|fields|entry|views|templates|rendering|letters|models|tasks)(_|$)"
    r"|^(__init__|gateway|ground_texts|refusals|risk_signs|setup|signals)$"
)
MARKS = "not slow and not browser"


@dataclass(frozen=True)
class Mutant:
    """A fault to plant. `function` is qualified, empty outside of any; `statement` is without what stands below it, `shape`
    the same without names from outside the function; `part` is the expression at fault. Equals of a function are counted by
    `nth` and `nth_shape`."""

    number: int
    path: str
    line: int
    function: str
    statement: str
    nth: int
    shape: str
    nth_shape: int
    operator: str
    index: int
    part: str
    mutated: str


def feature_of(path: str) -> str | None:
    """Which feature's rules, services or queries a file holds; `values` for the shared modules."""
    parts = path.removesuffix(".py").split("/")[1:]
    if any(APART.search(part) for part in parts):
        return None
    feature = "values" if parts[0] in SHARED else parts[0]
    return feature if feature in FEATURES else None


def package(root: Path) -> list[Spot]:
    """The statements of the whole package of a checkout."""
    files = sorted(path.relative_to(root).as_posix() for path in root.glob("marketplace/**/*.py"))
    return [spot for path in files for spot in spots_of(path, (root / path).read_text())]


def draw(seed: int, count: int) -> list[Mutant]:
    """That many mutants, by turns from each feature and there from each operator; at most one of a statement."""
    spots = package(CHECKOUT)
    pools: dict[str, dict[str, list[Site]]] = defaultdict(lambda: defaultdict(list))
    for spot in spots:
        if feature := feature_of(spot.path):
            for site in sites_of(spot):
                if site.operator != "return" or spot.says_bool:
                    pools[feature][site.operator].append(site)
    chance = random.Random(seed)  # noqa: S311 - no secret
    turns = {feature: chance.sample(sorted(pools[feature]), len(pools[feature])) for feature in sorted(pools)}
    drawn: list[Site] = []
    while len(drawn) < count and any(any(pool.values()) for pool in pools.values()):
        for feature, operators in turns.items():
            operators.append(operators.pop(0))
            pool = pools[feature][operators[-1]]
            if not pool or len(drawn) == count:
                continue
            site = pool.pop(chance.randrange(len(pool)))
            if all(site.spot is not other.spot for other in drawn):
                drawn.append(site)
    return [_kept(number, site, spots) for number, site in enumerate(drawn, 1)]


def _kept(number: int, site: Site, spots: Sequence[Spot]) -> Mutant:
    spot = site.spot
    here = [other for other in spots if other.path == spot.path]
    same = [other for other in here if other.function == spot.function]
    source = planted((CHECKOUT / spot.path).read_text(), site)
    return Mutant(
        number=number,
        path=spot.path,
        line=spot.node.lineno,
        function=spot.function,
        statement=spot.text,
        nth=[other for other in same if other.text == spot.text].index(spot),
        shape=spot.shape,
        nth_shape=[other for other in same if other.shape == spot.shape].index(spot),
        operator=site.operator,
        index=site.index,
        part=site.part,
        mutated=spots_of(spot.path, source)[here.index(spot)].text,
    )


def locate(mutant: Mutant, spots: Sequence[Spot]) -> tuple[Site, str] | None:
    """Where a mutant's statement stands today, and by what it was found: its function and text; its text alone, where there
    is one such; its function and shape; or, where the statement around it changed, the function and the part at fault."""
    near = [spot for spot in spots if _public(spot.function) == _public(mutant.function)]
    inside = near if mutant.function else []  # elsewhere the shape of a constant says nothing
    alone = [spot for spot in spots if spot.text == mutant.statement]
    ways = (
        ("function", _closest(mutant, [spot for spot in near if spot.text == mutant.statement]), mutant.nth),
        ("statement", alone if len(alone) == 1 else [], 0),
        (
            "shape",
            _closest(mutant, [spot for spot in inside if spot.shape == mutant.shape]),
            mutant.nth_shape,
        ),
    )
    for way, found, nth in ways:
        for site in sites_of(found[min(nth, len(found) - 1)]) if found else ():
            if (site.operator, site.index) == (mutant.operator, mutant.index):
                return site, way
    sites = [site for spot in inside for site in sites_of(spot) if site.operator == mutant.operator]
    sites = [site for site in sites if site.part and site.part == mutant.part]
    closest = _closest(mutant, [site.spot for site in sites])
    sites = [site for site in sites if site.spot in closest]
    return (sites[0], "part") if len(sites) == 1 else None


def _closest(mutant: Mutant, found: Sequence[Spot]) -> list[Spot]:
    """Those nearest to where the code was; none where they are in several functions."""
    least = min((_distance(mutant.path, spot.path) for spot in found), default=0)
    nearest = [spot for spot in found if _distance(mutant.path, spot.path) == least]
    return nearest if len({(spot.path, spot.function) for spot in nearest}) == 1 else []


def _public(function: str) -> str:
    return ".".join(part.lstrip("_") for part in function.split("."))


def _distance(old: str, new: str) -> int:
    """How far a file is from where the code was: the same, its name in its feature, its name, its feature, elsewhere."""
    same_name = Path(old).name == Path(new).name
    same_feature = old.split("/")[1] == new.split("/")[1]
    return 0 if old == new else 4 - 2 * same_name - same_feature


def run(kept: Path, output: Path, *, only: Sequence[int], shard: str, marks: str) -> str:
    """Try the mutants of a list that have no result yet, or those of some numbers anew; a line that sums all of them up."""
    mutants = [Mutant(**entry) for entry in json.loads(kept.read_text())]
    part, parts = (int(number) for number in shard.split("/"))
    mine = [mutant for mutant in mutants if mutant.number % parts == part % parts]
    results: dict[str, Any] = (
        json.loads(output.read_text()) if output.exists() else {"unmutated": {}, "mutants": {}}
    )
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Copy(Path(folder), marks)
        spots = package(tree.root)
        for mutant in mine:
            number = str(mutant.number)
            if mutant.number in only if only else number not in results["mutants"]:
                found = locate(mutant, spots)
                entry = attempt(tree, *found, results["unmutated"]) if found else {"status": "gone"}
                results["mutants"][number] = {**entry, "mutant": asdict(mutant)}
                _write(output, results)
                print(f"{number} {mutant.path} {mutant.function}: {entry['status']}", flush=True)
    entries = [results["mutants"].get(str(mutant.number), {"status": "not tried"}) for mutant in mine]
    counts = Counter(entry["status"] for entry in entries)
    return (
        f"drawn {len(mine)}, killed {counts['killed'] + counts['timeout']} (by timeout {counts['timeout']}), "
        f"survived {counts['survived']}, gone {counts['gone']}, not tried {counts['not tried']}"
    )


def _write(output: Path, content: object) -> None:
    unfinished = output.with_name(f"{output.name}.part")
    unfinished.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    unfinished.replace(output)


def main() -> None:
    """Draw or run, as the arguments say."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.mutants", description=(__doc__ or "").partition("\n\n")[0]
    )
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="keep a list of mutants")
    drawing.add_argument("--seed", type=int, required=True)
    drawing.add_argument("--count", type=int, default=120)
    drawing.add_argument("-o", dest="output", type=Path, required=True)
    running = commands.add_parser("run", help="try the mutants of a list")
    running.add_argument("kept", type=Path)
    running.add_argument("-o", dest="output", type=Path, required=True)
    running.add_argument(
        "--only", type=int, nargs="+", default=(), help="these numbers, also where they have a result"
    )
    running.add_argument("--shard", default="1/1", help="1/2 and 2/2 are halves of the list")
    running.add_argument("--marks", default=MARKS, help="which tests, as pytest's -m takes it")
    given = parser.parse_args()
    if given.command == "draw":
        drawn = draw(given.seed, given.count)
        _write(given.output, [asdict(mutant) for mutant in drawn])
        print(f"drawn {len(drawn)}")
    else:
        print(run(given.kept, given.output, only=given.only, shard=given.shard, marks=given.marks))


if __name__ == "__main__":
    main()
