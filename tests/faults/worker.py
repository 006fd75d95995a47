"""Where a worker runs its cluster: ports and groups of its own, so that several clusters can run, and be broken, side by side."""

from dataclasses import dataclass

from deploy import SERVICES
from deploy.local.environment import Ports

FIRST_BROKER, FIRST_DATABASE, FIRST_SERVICE, FIRST_GROUP = 29092, 25432, 26101, 61000
"""All below the ports that the system hands out by itself; the groups are those by which one service's packets are known."""


@dataclass(frozen=True)
class Worker:
    """One of the workers that run at the same time."""

    number: int = 0

    @property
    def database(self) -> int:
        """The port of PostgreSQL."""
        return FIRST_DATABASE + self.number

    @property
    def kafka(self) -> int:
        """The port from which kafka.sh counts."""
        return FIRST_BROKER + 100 * self.number

    def broker(self, node: int) -> int:
        """As kafka.sh counts them."""
        return self.kafka + 10 * (node - 1)

    def broker_with_passwords(self, node: int) -> int:
        """Where the same broker asks for a name and a password."""
        return self.broker(node) + 2

    @property
    def services(self) -> Ports:
        """The ports of the services."""
        first = FIRST_SERVICE + 20 * self.number
        return Ports({name: first + index for index, name in enumerate(SERVICES)}, self.broker(1))

    def second(self, service: str) -> int:
        """The port of a second process of a service."""
        return self.services.services[service] + 10

    def group(self, service: str) -> int:
        """The group under which a service's process runs."""
        return FIRST_GROUP + 10 * self.number + SERVICES.index(service)
