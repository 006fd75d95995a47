"""Choices that follow from a seed and a label, so that the same seed always makes the same province."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Picker:
    """Picks by hashing; a label that is used twice gives the same choice twice."""

    def __init__(self, seed: int) -> None:
        self._key = seed.to_bytes(16, "big", signed=True)

    def below(self, bound: int, *label: object) -> int:
        """Pick a number from 0 to bound - 1."""
        text = "\x1f".join(map(str, label)).encode()
        return int.from_bytes(blake2b(text, digest_size=8, key=self._key).digest(), "big") % bound

    def one(self, choices: Sequence[T], *label: object) -> T:
        """Pick one of the choices, each as likely as the others."""
        return choices[self.below(len(choices), *label)]

    def weighted(self, weights: Mapping[T, int], *label: object) -> T:
        """Pick one key, as often as its weight says."""
        ticket = self.below(sum(weights.values()), *label)
        for choice, weight in weights.items():
            if ticket < weight:
                return choice
            ticket -= weight
        raise ValueError("weights must be positive")

    def day(self, first: date, last: date, *label: object) -> date:
        """Pick a day from first to last, both included."""
        return first + timedelta(days=self.below((last - first).days + 1, *label))

    def chance(self, percent: int, *label: object) -> bool:
        """Say yes in so many of a hundred cases."""
        return self.below(100, *label) < percent
