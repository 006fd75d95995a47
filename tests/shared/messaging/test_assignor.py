"""All partitions of a group's topics are assigned, or none."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared.messaging.broker.assignor import AllTopicsAssignor, TopicMissing


def cluster(**partitions: set[int] | None) -> Any:
    """The metadata that a client has of the cluster."""
    return SimpleNamespace(partitions_for_topic=partitions.get)


def members(count: int, *topics: str) -> dict[str, Any]:
    return {f"member-{number}": SimpleNamespace(subscription=list(topics)) for number in range(count)}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_partition_of_every_topic_has_one_owner(count: int) -> None:
    metadata = cluster(one={0, 1, 2}, two={0, 1})
    shares = AllTopicsAssignor.assign(metadata, members(count, "one", "two"))
    owned = [
        (topic, partition) for share in shares.values() for topic, partitions in share.assignment for partition in partitions
    ]
    assert sorted(owned) == [("one", 0), ("one", 1), ("one", 2), ("two", 0), ("two", 1)]


@pytest.mark.parametrize("lost", [None, set()])
def test_a_topic_that_does_not_exist_is_waited_for_and_never_left_out(lost: set[int] | None) -> None:
    with pytest.raises(TopicMissing, match="two"):
        AllTopicsAssignor.assign(cluster(one={0, 1}, two=lost), members(2, "one", "two"))
