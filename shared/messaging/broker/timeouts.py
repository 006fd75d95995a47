"""Every wait for the broker has an end (the client's own do not), and every error of the client becomes one of ours."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, errors

REQUEST_MS = 10_000
LOOK_MS = 1_000
"""How often an idle client looks around; whatever happens wakes it at once."""
ANSWER_SECONDS = 15.0
STOP_SECONDS = 5.0

_REFUSALS = (
    errors.AuthenticationFailedError,
    errors.AuthenticationMethodNotSupported,
    errors.ClusterAuthorizationFailedError,
    errors.GroupAuthorizationFailedError,
    errors.SaslAuthenticationFailed,
    errors.TopicAuthorizationFailedError,
    errors.UnsupportedSaslMechanismError,
    ssl.SSLCertVerificationError,
)


class BrokerError(Exception):
    """The broker does not answer, or not as it should; worth trying again."""


class MisconfiguredBroker(BrokerError):
    """Trying again will not help: a password, certificate, right, number of partitions or cluster is wrong."""


@contextmanager
def ours(doing: str) -> Iterator[None]:
    """Errors of the client, inside, become ours; `doing` says at what."""
    try:
        yield
    except _REFUSALS as error:
        raise MisconfiguredBroker(f"{doing}: {error!r}") from error
    except (errors.KafkaError, errors.ConsumerStoppedError, OSError) as error:
        raise BrokerError(f"{doing}: {error!r}") from error


@asynccontextmanager
async def bounded(doing: str, seconds: float = ANSWER_SECONDS) -> AsyncIterator[None]:
    """The same, for so many seconds at most."""
    with ours(doing):
        async with asyncio.timeout(seconds):
            yield


async def stop(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    """Stop a client; one that cannot say goodbye is left behind.

    aiokafka waits for ever when the broker is gone, and lets out the cancellation of its own tasks as if it were ours.
    """
    stopping = asyncio.ensure_future(client.stop())
    await asyncio.wait([stopping], timeout=STOP_SECONDS)
    if stopping.done() and not stopping.cancelled() and not isinstance(stopping.exception(), errors.KafkaError):
        stopping.result()
        return
    stopping.cancel()
    await client._client.close() if hasattr(client, "_client") else await client.client.close()  # noqa: SLF001
