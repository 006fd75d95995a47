"""Requests of ours: JSON that two readers cannot read differently, and a digest of every byte while the body is read."""

import hashlib
from typing import Any

from fastapi import Request
from starlette.types import Message

from shared.core import strict_json
from shared.core.errors import InvalidRequest


class StrictRequest(Request):
    """A request whose address holds no control characters and whose JSON body is parsed strictly, once."""

    _document: Any = None

    async def require_strict(self) -> None:
        """Read address and JSON body before anything acts on them; other bodies stay unread, they may be large.

        Raises:
            InvalidRequest: control characters in the path or the query.
            MalformedBody: the body is not strict JSON.
        """
        if any(not strict_json.acceptable(text) for text in (self.scope["path"], *self._query_texts())):
            raise InvalidRequest("control characters are not accepted", pointer="query")
        if "json" in self.headers.get("content-type", "") and await self.body():
            await self.json()

    async def json(self) -> Any:
        """The JSON document of the body.

        Raises:
            MalformedBody: the body is not strict JSON.
        """
        if self._document is None:
            self._document = strict_json.parse(await self.body())
        return self._document

    def _query_texts(self) -> list[str]:
        return [text for pair in self.query_params.multi_items() for text in pair] if self.scope["query_string"] else []


class DigestedRequest(StrictRequest):
    """A strict request that keeps the SHA-256 of its address and of every byte of its body, taken as the body arrives."""

    def __init__(self, request: Request) -> None:
        """Stand in for `request`, whose body nobody has read yet."""
        super().__init__(request.scope, self._receive_digested)
        self._receive_original = request.receive
        self._at_end = False
        self._hash = hashlib.sha256(f"{self.method} {self.url.path}?{self.url.query}\n".encode())

    async def digest(self) -> str:
        """Read what is left of the body, and return the digest in hexadecimal."""
        if not self._at_end:
            async for _ in self.stream():
                pass
        return self._hash.hexdigest()

    async def _receive_digested(self) -> Message:
        message = await self._receive_original()
        self._hash.update(message.get("body", b""))
        self._at_end = not message.get("more_body", False)
        return message
