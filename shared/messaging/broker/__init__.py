"""The client of the broker; nothing outside this package imports aiokafka."""

from shared.messaging.broker.admin import Administrator
from shared.messaging.broker.connection import Broker
from shared.messaging.broker.consumer import GroupConsumer, OffsetMissing
from shared.messaging.broker.offset_reader import OffsetReader
from shared.messaging.broker.partitions import PartitionState, TopicPartition, group_of
from shared.messaging.broker.producer import (
    Acknowledgement,
    OutgoingRecord,
    Producer,
    acknowledged,
    acknowledged_offsets,
    first_error,
)
from shared.messaging.broker.timeouts import BrokerError, MisconfiguredBroker

__all__ = [
    "Acknowledgement",
    "Administrator",
    "Broker",
    "BrokerError",
    "GroupConsumer",
    "MisconfiguredBroker",
    "OffsetMissing",
    "OffsetReader",
    "OutgoingRecord",
    "PartitionState",
    "Producer",
    "TopicPartition",
    "acknowledged",
    "acknowledged_offsets",
    "first_error",
    "group_of",
]
