"""The digest of a request covers every byte of its body, whoever reads it and however much of it."""

import hashlib
from collections.abc import Iterator

import pytest
from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import Message

from shared.core.errors import InvalidRequest, MalformedBody
from shared.web.strict_request import DigestedRequest, StrictRequest

CHUNKS = (b"first,", b"second,", b"third")


def request_of(
    *chunks: bytes, media_type: str = "application/octet-stream", query: bytes = b"kind=photo", cut: bool = False
) -> Request:
    """A request whose body arrives in `chunks`; `cut`: the client leaves before the last one."""
    messages: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages[-1] = {"type": "http.disconnect"} if cut else {**messages[-1], "more_body": False}
    arriving: Iterator[Message] = iter(messages)

    async def receive() -> Message:
        return next(arriving)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/evidence",
        "query_string": query,
        "headers": [(b"content-type", media_type.encode()), (b"host", b"test")],
        "server": ("test", 80),
        "scheme": "http",
    }
    return Request(scope, receive)


def expected(*chunks: bytes) -> str:
    return hashlib.sha256(b"POST /v1/evidence?kind=photo\n" + b"".join(chunks)).hexdigest()


async def test_an_upload_is_not_read_before_its_route_reads_it() -> None:
    request = DigestedRequest(request_of(*CHUNKS))
    await request.require_strict()
    assert [chunk async for chunk in request.stream() if chunk] == list(CHUNKS)
    assert await request.digest() == expected(*CHUNKS)


@pytest.mark.parametrize("count", [0, 1, 2])
async def test_the_digest_covers_what_the_route_did_not_read(count: int) -> None:
    request = DigestedRequest(request_of(*CHUNKS))
    stream = request.stream()
    assert [await anext(stream) for _ in range(count)] == list(CHUNKS[:count])
    assert await request.digest() == expected(*CHUNKS)


async def test_the_digest_of_a_document_is_that_of_its_bytes() -> None:
    request = DigestedRequest(request_of(b'{"a": ', b"1}", media_type="application/json"))
    await request.require_strict()
    assert await request.json() == {"a": 1}
    assert await request.digest() == expected(b'{"a": 1}')


async def test_a_body_that_breaks_off_has_no_digest() -> None:
    request = DigestedRequest(request_of(*CHUNKS, cut=True))
    with pytest.raises(ClientDisconnect):
        await request.digest()


async def test_what_two_readers_could_read_differently_is_rejected() -> None:
    with pytest.raises(MalformedBody):
        await _strict(request_of(b'{"a":1,"a":2}', media_type="application/json"))
    with pytest.raises(InvalidRequest):
        await _strict(request_of(b"", query=b"kind=%00"))


async def _strict(request: Request) -> None:
    await StrictRequest(request.scope, request.receive).require_strict()
