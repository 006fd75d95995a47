"""Time limits and errors of calls to the broker: aiokafka's own waits have no end, and its errors are not the product's."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, errors

REQUEST_MS = 10_000
IDLE_MS = 1_000
"""How often an idle client wakes up by itself; a record wakes it at once."""
ANSWER_SECONDS = 15.0
STOP_SECONDS = 5.0

_CONFIGURATION_ERRORS = (
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
    """The broker does not answer, or answers with an error; worth trying again."""


class MisconfiguredBroker(BrokerError):
    """Trying again will not help: a password, certificate, right, number of partitions or cluster is wrong."""


@contextmanager
def _translated_errors(operation: str) -> Iterator[None]:
    try:
        yield
    except _CONFIGURATION_ERRORS as error:
        raise MisconfiguredBroker(f"{operation}: {error!r}") from error
    except (errors.KafkaError, errors.ConsumerStoppedError, OSError) as error:
        raise BrokerError(f"{operation}: {error!r}") from error


@asynccontextmanager
async def broker_call(operation: str, seconds: float = ANSWER_SECONDS) -> AsyncIterator[None]:
    """Limit calls of the client to so many seconds, and translate their errors; `operation` names them in the message.

    Raises:
        MisconfiguredBroker: the broker rejects credentials, certificate or rights.
        BrokerError: any other error of the client, or the time is over.
    """
    with _translated_errors(operation):
        async with asyncio.timeout(seconds):
            yield


async def stop(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    """Stop a client; one that does not stop within `STOP_SECONDS` is abandoned and its connections are closed.

    aiokafka waits without end when the broker is gone, and lets out the cancellation of its own tasks as if the caller had
    been cancelled. It has no public way to close the connections of a client that does not stop, hence the private attribute.
    """
    stopping = asyncio.ensure_future(client.stop())
    await asyncio.wait([stopping], timeout=STOP_SECONDS)
    if stopping.done() and not stopping.cancelled() and not isinstance(stopping.exception(), errors.KafkaError):
        stopping.result()
        return
    stopping.cancel()
    await client._client.close() if hasattr(client, "_client") else await client.client.close()  # noqa: SLF001
