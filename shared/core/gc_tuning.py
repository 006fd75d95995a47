"""What a process keeps for its whole life is set aside from garbage collection, which would look through it time and again."""

import gc

YOUNG = 20_000
"""New objects before the collector looks: more than a batch of events makes, nearly all of which go by themselves.

With Python's 700 a quarter of a consumer's time went into looking for cycles that are not there.
"""


def settle() -> None:
    """Call once, when everything is loaded; again it changes nothing."""
    if gc.get_freeze_count():
        return
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
