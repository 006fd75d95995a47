"""The services of an installation over their public HTTP: bearer tokens, idempotency keys, pages, problem documents."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.cli.credentials import Person
from deploy.cli.errors import ApiError, ConfigurationError, NetworkError
from deploy.cli.installation import Installation
from shared.core.ids import new_id
from shared.web.http_client import AsyncClient, Response, TransportError, open_client

PAGE = 200


@dataclass
class ApiClient:
    """Talks to the services; close it. `language` is that of titles and messages in the answers, zh or en."""

    installation: Installation
    language: str = "zh"
    _clients: dict[str, AsyncClient] = field(default_factory=dict)

    async def get(self, service: str, path: str, by: Person | None, **query: str | int) -> Any:
        """The JSON document at `path`; `by` None reads what is public."""
        return content_of(await self.ask(service, "GET", path, by, params=query))

    async def download(self, service: str, path: str, by: Person | None, accept: str = "*/*", **query: str | int) -> bytes:
        """The file at `path`, in the form that is asked for."""
        return (await self.ask(service, "GET", path, by, params=query, headers={"Accept": accept})).content

    async def items(
        self, service: str, path: str, by: Person | None, query: Mapping[str, str | int]
    ) -> AsyncIterator[dict[str, Any]]:
        """Every item of a list, page by page."""
        following: str | None = ""
        while following is not None:
            start = {"cursor": following} if following else {}
            page = await self.get(service, path, by, **{"limit": PAGE, **query, **start})
            for item in page["items"]:
                yield item
            following = page["next"]

    async def all(self, service: str, path: str, by: Person | None, **query: str | int) -> list[dict[str, Any]]:
        """Every item of a list at once."""
        return [item async for item in self.items(service, path, by, query)]

    async def post(self, service: str, path: str, by: Person, body: Mapping[str, Any] | None = None) -> Any:
        """Act once; None when the answer has no body."""
        content = dict(body or {})
        headers = {"Idempotency-Key": self.key(by, path, content)}
        return content_of(await self.ask(service, "POST", path, by, json=content, headers=headers))

    async def send(self, service: str, path: str, by: Person, content: bytes, media: str, **query: str | int) -> Any:
        """Send a file of media type `media`."""
        headers = {"Idempotency-Key": self.key(by, path, query, content), "Content-Type": media}
        return content_of(await self.ask(service, "POST", path, by, params=query, content=content, headers=headers))

    async def ask(self, service: str, method: str, path: str, by: Person | None, **arguments: Any) -> Response:
        """One request.

        Raises:
            ApiError: the service answered with an error.
            NetworkError: it did not answer.
        """
        headers = {"Accept-Language": self.language, **arguments.pop("headers", {}), **await self._bearer(by)}
        try:
            answer = await self.exchange(service, method, path, headers=headers, **arguments)
        except TransportError as error:
            address = self._client(service).base_url
            raise NetworkError(f"{service} does not answer at {address}: {error or type(error).__name__}") from error
        if answer.is_error or answer.is_redirect:
            raise ApiError(f"{method} {service} {path}", answer.status_code, _problem(answer))
        return answer

    async def exchange(self, service: str, method: str, path: str, **arguments: Any) -> Response:
        """Send a request and give whatever answer comes."""
        return await self._client(service).request(method, path, **arguments)

    def key(self, by: Person, path: str, body: Mapping[str, Any], content: bytes | None = None) -> str:  # noqa: ARG002  (see the demo's)
        """The idempotency key of an act: here each act is a new one."""
        return str(new_id())

    async def close(self) -> None:
        """End all connections."""
        for client in self._clients.values():
            await client.aclose()

    async def _bearer(self, by: Person | None) -> dict[str, str]:
        if by is None:
            return {}
        if self.installation.credentials is None:
            raise ConfigurationError("no token is given: use --token, client credentials, or a profile with either")
        return {"Authorization": f"Bearer {await self.installation.credentials.token(by)}"}

    def _client(self, service: str) -> AsyncClient:
        if service not in self._clients:
            address = self.installation.address(service, self._clients)
            self._clients[service] = open_client(address, ca_file=self.installation.ca_file)
        return self._clients[service]


def content_of(answer: Response) -> Any:
    """The JSON of an answer, None when it has no body.

    Raises:
        ApiError: it is something else, so that hardly a service of the platform gave it.
    """
    if not answer.content:
        return None
    if not _is_json(answer):
        detail = {"detail": f"no JSON: {answer.text[:200]}"}
        raise ApiError(f"{answer.request.method} {answer.request.url}", answer.status_code, detail)
    return answer.json()


def _problem(answer: Response) -> dict[str, Any]:
    document = answer.json() if _is_json(answer) else None
    return document if isinstance(document, dict) else {"detail": answer.text[:300]}


def _is_json(answer: Response) -> bool:
    return "json" in answer.headers.get("content-type", "")
