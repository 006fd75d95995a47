"""How the members of a consumer group share the partitions: all topics of the group, or the group does not start."""

from collections.abc import Mapping
from typing import Any

from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor


class TopicMissing(Exception):
    """A topic of the group does not exist (yet), as on a broker that was restarted empty."""


class AllTopicsAssignor(RoundRobinPartitionAssignor):  # type: ignore[misc]  # the client ships no types
    """Assigns the partitions round robin, once every topic exists.

    A static member that rejoins keeps its assignment without a rebalance, and only the group's leader watches for topics that
    appear later. A topic that was left out once would stay without a consumer for as long as the group lives.
    """

    @classmethod
    def assign(cls, cluster: Any, members: Mapping[str, Any]) -> Any:
        """The assignment of each member.

        Raises:
            TopicMissing: a topic does not exist; the client fails with it, and the next one creates the topic before it joins.
        """
        topics = {topic for member in members.values() for topic in member.subscription}
        if missing := sorted(topic for topic in topics if not cluster.partitions_for_topic(topic)):
            raise TopicMissing(", ".join(missing))
        return super().assign(cluster, members)
