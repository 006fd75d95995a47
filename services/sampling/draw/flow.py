"""Can every task be filled? Exact answers by augmenting paths (maximum flow); sets of people are bits of an integer.

Each inspector is a bit. A task may hold an inspector once, an inspector serves at most `capacity` tasks.
"""

from collections.abc import Iterator, Sequence


def bits(mask: int) -> Iterator[int]:
    """Positions of the one-bits, ascending."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


class Assignment:
    """Tasks, the inspectors they hold now, and the part of that which is settled for good."""

    def __init__(self, eligible: Sequence[int], sizes: Sequence[int], capacity: Sequence[int]) -> None:
        """`eligible`: one mask for each task."""
        self.eligible = eligible
        self.sizes = sizes
        self.held = [0] * len(eligible)
        self.settled = [0] * len(eligible)
        self._left = list(capacity)
        self._tasks_of: list[set[int]] = [set() for _ in capacity]  # without what is settled
        self._spare = sum(1 << person for person, number in enumerate(capacity) if number > 0)

    def fill(self) -> None:
        """Assign as many places as can be assigned at all."""
        for task, size in enumerate(self.sizes):
            for _ in range(size):
                if not self._augment(task):
                    break

    def lacking(self) -> list[int]:
        """Tasks with fewer people than they need."""
        return [task for task, held in enumerate(self.held) if held.bit_count() < self.sizes[task]]

    def settle(self, task: int, person: int, dead: int) -> int:
        """Give `person` to `task` for good if all tasks can then still be filled; everything must be filled before.

        `dead` are people already known to be impossible for this task. Returns the dead, grown by what was learnt:
        `person` is among them exactly if it was refused.
        """
        bit = 1 << person
        if dead & bit:
            return dead
        if not self.held[task] & bit:
            reached = self._exchange(task, person, dead)
            if reached:
                return dead | reached
        self._fix(task, person)
        return dead

    def _exchange(self, task: int, person: int, dead: int) -> int:
        """Let `task` hold `person` in place of someone unsettled; 0, or, where impossible, all reached in vain."""
        loose = self.held[task] & ~self.settled[task]
        came_from: dict[int, tuple[int, int]] = {}
        reached, goal = self._search(1 << person, self._spare | loose, (1 << task), dead, came_from)
        if goal is None:
            return reached
        dropped = goal if loose >> goal & 1 else next(bits(loose))
        self._drop(task, dropped)
        self._shift(goal, came_from)
        self._take(task, person)
        return 0

    def _augment(self, task: int) -> bool:
        """Give the task one more person, moving others where needed."""
        came_from: dict[int, tuple[int, int]] = {}
        free = self.eligible[task] & ~self.held[task]
        _, goal = self._search(free, self._spare, 1 << task, 0, came_from)
        if goal is None:
            return False
        self._take(task, self._shift(goal, came_from))
        return True

    def _search(
        self, start: int, goals: int, tasks_seen: int, dead: int, came_from: dict[int, tuple[int, int]]
    ) -> tuple[int, int | None]:
        """Who can be reached from `start` by tasks handing people on; stops at the first goal.

        `came_from[person] = (task, earlier)`: the task would give up `earlier` and take `person`.
        """
        if start & goals:
            return start, next(bits(start & goals))
        reached, queue = start, list(bits(start))
        for earlier in queue:
            for task in self._tasks_of[earlier]:
                if tasks_seen >> task & 1:
                    continue
                tasks_seen |= 1 << task
                new = self.eligible[task] & ~self.held[task] & ~reached & ~dead
                reached |= new
                came_from.update((person, (task, earlier)) for person in bits(new))
                if new & goals:
                    return reached, next(bits(new & goals))
                queue.extend(bits(new))
        return reached, None

    def _shift(self, person: int, came_from: dict[int, tuple[int, int]]) -> int:
        """Carry out the exchanges that end at `person`; the one at whom they began is then free for one more task."""
        while person in came_from:
            task, earlier = came_from[person]
            self._drop(task, earlier)
            self._take(task, person)
            person = earlier
        return person

    def _take(self, task: int, person: int) -> None:
        self.held[task] |= 1 << person
        self._tasks_of[person].add(task)
        self._left[person] -= 1
        if not self._left[person]:
            self._spare &= ~(1 << person)

    def _drop(self, task: int, person: int) -> None:
        self.held[task] &= ~(1 << person)
        self._tasks_of[person].discard(task)
        self._left[person] += 1
        self._spare |= 1 << person

    def _fix(self, task: int, person: int) -> None:
        self.settled[task] |= 1 << person
        self._tasks_of[person].discard(task)

    def competing(self) -> list[int]:
        """Tasks of a minimum cut: those that lack people, and all whose people they would need to take.

        Meant for an assignment that `fill` could not complete.
        """
        tasks = list(self.lacking())
        seen, reached = set(tasks), 0
        for task in tasks:
            new = self.eligible[task] & ~self.held[task] & ~reached
            reached |= new
            for person in bits(new):
                more = self._tasks_of[person] - seen
                seen |= more
                tasks.extend(more)
        return sorted(tasks)
