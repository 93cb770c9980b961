"""Importing, step 3: which picture is for training, for validation or for the test; pure.

The shares are the course's, 250 to 50 to 50, for each person. Copies of one picture always stay
together; pictures that merely look alike do, too, where a person has enough others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.dataset import SPLITS

SHARES = (250, 50, 50)
TRAIN = 0
MIN_UNITS = len(SPLITS)


@dataclass(frozen=True)
class Item:
    """One picture to place: whose, its content's digest, and with which others it belongs.

    Pictures with the same `copy` are copies, pictures with the same `look` look alike.
    """

    person: str
    digest: str
    copy: int
    look: int


def split(items: Sequence[Item]) -> list[int | None]:
    """Return for each picture 0, 1 or 2 for train, valid or test; None for whose are too few.

    The answer depends on the pictures alone, neither on their names nor on their order. Every
    person that is left has pictures in all three.
    """
    units = _units(items)
    too_few = {person for person, own in _by_person(items, units).items() if len(own) < MIN_UNITS}
    members: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row, (item, unit) in enumerate(zip(items, units, strict=True)):
        if item.person not in too_few:
            members[unit].append(row)
    placed = _place(items, members)
    unfinished = _lacking_a_split(items, placed)
    return [
        placed[row] if items[row].person not in too_few | unfinished else None
        for row in range(len(items))
    ]


def _units(items: Sequence[Item]) -> list[tuple[str, int]]:
    """Return what stays together: pictures that look alike; only copies where that is too few."""
    looks = _by_person(items, [("look", item.look) for item in items])
    weak = {person for person, own in looks.items() if len(own) < MIN_UNITS}
    dissolved = {item.look for item in items if item.person in weak}
    return [
        ("copy", item.copy) if item.look in dissolved else ("look", item.look) for item in items
    ]


def _by_person(
    items: Sequence[Item], units: Sequence[tuple[str, int]]
) -> Mapping[str, set[tuple[str, int]]]:
    found: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for item, unit in zip(items, units, strict=True):
        found[item.person].add(unit)
    return found


def _place(items: Sequence[Item], members: Mapping[tuple[str, int], list[int]]) -> dict[int, int]:
    """Return the split of each picture in `members`, unit by unit."""
    placed: dict[int, int] = {}
    own: dict[str, list[list[int]]] = defaultdict(list)
    for rows in members.values():
        persons = {items[row].person for row in rows}
        if len(persons) > 1:
            # Seen in training it does least harm: it cannot make the test easier.
            placed |= dict.fromkeys(rows, TRAIN)
        else:
            own[persons.pop()].append(rows)
    for person, units in own.items():
        shared = sum(items[row].person == person for row in placed)
        placed |= _place_person(items, units, shared)
    return placed


def _place_person(items: Sequence[Item], units: list[list[int]], shared: int) -> dict[int, int]:
    """Return the split of each picture of one person, of whom `shared` are in training already."""
    due = _due(shared + sum(map(len, units)))
    due[TRAIN] -= shared
    chosen: list[list[list[int]]] = [[] for _ in SPLITS]
    # Large units first, as they fit into training only; else by digest, which is as good as chance.
    for unit in sorted(units, key=lambda rows: (-len(rows), min(items[r].digest for r in rows))):
        split = max(range(len(SPLITS)), key=lambda index: due[index])
        chosen[split].append(unit)
        due[split] -= len(unit)
    for lacking in range(len(SPLITS)):
        richest = max(chosen, key=len)
        if not chosen[lacking] and len(richest) > 1:
            chosen[lacking].append(richest.pop())
    return {row: split for split, units in enumerate(chosen) for unit in units for row in unit}


def _due(count: int) -> list[int]:
    """Return how many of `count` pictures each split is to have, at least one."""
    held_out = [max(1, round(count * share / sum(SHARES))) for share in SHARES[1:]]
    return [count - sum(held_out), *held_out]


def _lacking_a_split(items: Sequence[Item], placed: Mapping[int, int]) -> set[str]:
    found: dict[str, set[int]] = defaultdict(set)
    for row, split in placed.items():
        found[items[row].person].add(split)
    return {person for person, splits in found.items() if len(splits) < len(SPLITS)}
