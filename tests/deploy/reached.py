"""An installation that is reached by address and token alone: services under uvicorn, the command in a process far away."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBasic
from fastapi.security.http import HTTPBasicCredentials

from deploy.local.ports import LOOPBACK, free_port
from shared.testing.world import Issuer, World
from shared.vocabulary import Role

SECRET = "s3cret/with:signs"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass
class Away:
    """A directory on a machine that has the command and nothing else: no runtime, no settings of a service."""

    directory: Path

    async def ccc(self, *arguments: str, **variables: str) -> Done:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CCC_")}
        env = kept | {"XDG_CONFIG_HOME": str(self.directory), "LC_ALL": "C.UTF-8", "COLUMNS": "300"} | variables
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy.cli", *arguments, cwd=self.directory, env=env, stdout=-1, stderr=-1
        )
        out, err = await process.communicate()
        return Done(process.returncode or 0, out.decode(), err.decode())

    def file(self, name: str, text: str) -> Path:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def profiles(self, text: str) -> None:
        self.file("ccc/profiles.toml", text)


@asynccontextmanager
async def serving(app: FastAPI, **options: Any) -> AsyncIterator[str]:
    """The application at an address of its own."""
    port = free_port(0, taken=[0])
    server = uvicorn.Server(uvicorn.Config(app, host=LOOPBACK, port=port, lifespan="off", log_config=None, **options))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://{LOOPBACK}:{port}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def reachable(world: World, *services: str) -> AsyncIterator[dict[str, str]]:
    """These services of the world at addresses of their own."""
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(serving(getattr(world, name).app)) for name in services}


class IdentityProvider:
    """A token endpoint as RFC 6749 §4.4 has it; each client's token speaks for the client, an administrator of the province."""

    def __init__(self, issuer: Issuer, expires_in: int | None = 3600) -> None:
        self.asked: list[dict[str, Any]] = []
        self.app = FastAPI()

        @self.app.post("/token")
        async def token(request: Request) -> JSONResponse:
            client: HTTPBasicCredentials | None = await HTTPBasic()(request)
            form = dict(await request.form())
            self.asked.append(form)
            if client is None or client.password != "s3cret%2Fwith%3Asigns":
                return JSONResponse({"error": "invalid_client", "error_description": "wrong secret"}, 401)
            lifetime = {} if expires_in is None else {"expires_in": expires_in}
            text = issuer.token(Role.PROV_ADMIN, "35", client.username)
            return JSONResponse({"access_token": text, "token_type": "Bearer", **lifetime})


def self_signed(away: Away) -> tuple[Path, Path]:
    """A certificate for this machine that no public authority has signed, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "own authority")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))])
    certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return (
        away.file("own.pem", certificate.public_bytes(serialization.Encoding.PEM).decode()),
        away.file("own.key", key.private_bytes(serialization.Encoding.PEM, *form).decode()),
    )
