"""The broker's client; nothing outside this package touches it."""

from shared.messaging.broker.admin import Administrator
from shared.messaging.broker.connection import Broker
from shared.messaging.broker.consumer import Consumer, NothingThere
from shared.messaging.broker.offset_reader import Survey
from shared.messaging.broker.partitions import Partition, Place, group_of
from shared.messaging.broker.producer import Acknowledgement, Outgoing, Producer, acknowledged, first_error, places
from shared.messaging.broker.timeouts import BrokerError, MisconfiguredBroker

__all__ = [
    "Acknowledgement",
    "Administrator",
    "Broker",
    "BrokerError",
    "Consumer",
    "MisconfiguredBroker",
    "NothingThere",
    "Outgoing",
    "Partition",
    "Place",
    "Producer",
    "Survey",
    "acknowledged",
    "first_error",
    "group_of",
    "places",
]
