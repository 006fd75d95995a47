"""How the members of a consumer group share the partitions: all of them, or the group does not begin."""

from collections.abc import Mapping
from typing import Any

from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor


class TopicMissing(Exception):
    """A topic of the group is not there (yet), as on a broker that came back empty."""


class AllOrNone(RoundRobinPartitionAssignor):  # type: ignore[misc]  # the client ships no types
    """Hands out the partitions in turn, once every topic is there.

    A static member that comes again is given what it had and is not asked to share out anew; and only who shares out sees to
    topics that appear later. What was left out once would stay unheard for as long as the group lives.
    """

    @classmethod
    def assign(cls, cluster: Any, members: Mapping[str, Any]) -> Any:
        """Who gets what.

        Raises:
            TopicMissing: one is not there; the client fails with it, and the next one creates the topic before it joins.
        """
        wanted = {topic for member in members.values() for topic in member.subscription}
        if missing := sorted(topic for topic in wanted if not cluster.partitions_for_topic(topic)):
            raise TopicMissing(", ".join(missing))
        return super().assign(cluster, members)
