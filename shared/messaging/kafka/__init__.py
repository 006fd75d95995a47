"""The broker's client; nothing outside this package touches it."""

from shared.messaging.kafka.administrator import Administrator
from shared.messaging.kafka.broker import Broker
from shared.messaging.kafka.consumer import Consumer, NothingThere
from shared.messaging.kafka.places import Partition, Place, group_of
from shared.messaging.kafka.producer import Acknowledgement, Outgoing, Producer, acknowledged, first_error, places
from shared.messaging.kafka.survey import Survey
from shared.messaging.kafka.waits import BrokerError, MisconfiguredBroker

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
