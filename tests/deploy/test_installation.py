"""`ccc` at an installation that runs elsewhere: by address and token, by client credentials, by profile; and every error."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.credentials import MARGIN, ClientCredentials, Person
from deploy.cli.errors import ConfigurationError, TokenRefused
from deploy.cli.installation import Installation
from services.registry.service import imports
from shared.testing.world import Issuer, World
from shared.vocabulary import Role
from tests.deploy.reached import SECRET, Away, IdentityProvider, reachable, self_signed, serving
from tests.registry.sheet_files import row, sheet
from tests.sampling.verifiers.test_ledger_file import redrawn
from tests.shared.deadline_records.test_calendars import calendar

NOBODY = "http://127.0.0.1:1"
PLANNER = Person("planner", Role.PROV_ADMIN, None, "")


@pytest.fixture
def services() -> tuple[str, ...]:
    return ("registry", "sampling")


@pytest.fixture
def away(tmp_path: Path) -> Away:
    return Away(tmp_path)


@pytest.fixture
async def urls(world: World) -> AsyncIterator[dict[str, str]]:
    async with reachable(world, "registry", "sampling") as addresses:
        yield addresses


@pytest.fixture
async def identity(issuer: Issuer) -> AsyncIterator[tuple[IdentityProvider, str]]:
    provider = IdentityProvider(issuer)
    async with serving(provider.app) as address:
        yield provider, f"{address}/token"


@pytest.fixture
def token(issuer: Issuer) -> str:
    return issuer.token(Role.PROV_ADMIN, "35", "planner")


@pytest.fixture
async def working(world: World) -> AsyncIterator[None]:
    """The registry's worker, which the program itself would run."""
    worker = asyncio.create_task(imports.run_worker(world.registry.database))
    yield
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


def profile(name: str, urls: dict[str, str], token_url: str, secret: str = "secret") -> str:
    return f"""
[profiles.{name}.urls]
registry = "{urls["registry"]}"
sampling = "{urls["sampling"]}"
[profiles.{name}.auth]
kind = "client-credentials"
token_url = "{token_url}"
client_id = "{name}"
client_secret_file = "{secret}"
scope = "ccc"
"""


FAULTY = (row(证书编号="1999010101000001"), row(产品名称="电线[red]\x07组件", 证书编号="2022010101000002"), row())


@pytest.mark.usefixtures("working")
async def test_an_import_shows_rejected_rows_with_their_reasons(away: Away, urls: dict[str, str], token: str) -> None:
    file = away.file("certificates.csv", sheet(*FAULTY).decode())
    done = await away.ccc("import", str(file), "--url", urls["registry"], "--token", token)
    assert done.code == 1, done.err
    assert "Rejected rows" in done.out
    (line,) = [line for line in done.out.splitlines() if "CONTROL_CHARACTER" in line]
    assert [cell.strip() for cell in line.strip("│").split("│")][:2] == ["3", "产品名称"]
    assert "[red]" in line
    assert {code for code in ("V2", "V6") if f"({code})" in done.out} == {"V2", "V6"}


@pytest.mark.usefixtures("working")
async def test_an_import_as_json_has_the_whole_resource_and_every_fault(away: Away, urls: dict[str, str], token: str) -> None:
    file = away.file("certificates.csv", sheet(*FAULTY).decode())
    done = await away.ccc("import", str(file), "--json", CCC_URL=urls["registry"], CCC_TOKEN=token)
    (found,) = json.loads(done.out)
    assert (found["state"], found["rows_rejected"], found["failure"]) == ("completed", 2, None)
    assert {"severity", "line", "heading", "value", "code", "message_zh", "message_en"} <= found["rejections"][0].keys()
    again = await away.ccc("import", str(file), "--json", CCC_URL=urls["registry"], CCC_TOKEN=token)
    assert json.loads(again.out)[0]["repeated"] is True


@pytest.mark.usefixtures("working")
async def test_warnings_and_flags_are_shown_and_spoil_nothing(away: Away, urls: dict[str, str], token: str) -> None:
    doubtful = (row(首次发证日期="2021-03-01"), row(证书编号="2022010101000002", 产品类别代码="0104"))
    file = away.file("certificates.csv", sheet(*(one | {"没有的列": "x"} for one in doubtful)).decode())
    done = await away.ccc("import", str(file), "--url", urls["registry"], "--token", token)
    assert done.code == 0, done.out
    assert "Columns that were not read: 没有的列" in done.err
    warnings, flags = done.out.split("Flags: ")
    assert ("(V6)" in warnings, "(V5)" in flags, "Rejected" in done.out) == (True, True, False)


@pytest.mark.usefixtures("working")
async def test_a_broken_file_is_named_with_its_reason(away: Away, urls: dict[str, str], token: str) -> None:
    file = away.file("certificates.xlsx", "no workbook")
    done = await away.ccc("import", str(file), "--url", urls["registry"], "--token", token)
    assert (done.code, "The file was not imported" in done.err) == (1, True), done.err


async def test_a_calendar_is_published_by_a_second_client_and_not_by_the_first(
    away: Away, urls: dict[str, str], identity: tuple[IdentityProvider, str]
) -> None:
    provider, token_url = identity
    away.file("ccc/secret", SECRET + "\n")
    away.profiles(profile("first", urls, token_url) + profile("second", urls, token_url))
    file = away.file("calendar.json", json.dumps(calendar(), ensure_ascii=False))
    proposed = await away.ccc("calendar", "propose", str(file), "--profile", "first", "--json")
    assert (proposed.code, json.loads(proposed.out)[0]["version"]) == (0, "2026.2"), proposed.err
    same = await away.ccc("calendar", "publish", "2026.2", CCC_PROFILE="first")
    assert (same.code, same.out) == (1, "")
    assert "calendar-needs-second-person" in same.err
    assert "trace id" in same.err
    other = await away.ccc("calendar", "publish", "2026.2", "--profile", "second")
    assert other.code == 0, other.err
    assert provider.asked == [{"grant_type": "client_credentials", "scope": "ccc"}] * 3


@pytest.mark.usefixtures("working")
async def test_many_requests_of_one_command_ask_for_one_token(
    away: Away, urls: dict[str, str], identity: tuple[IdentityProvider, str]
) -> None:
    provider, token_url = identity
    secret, file = away.file("secret", SECRET), away.file("certificates.csv", sheet(row()).decode())
    client = ("--token-url", token_url, "--client-id", "planner", "--client-secret-file", str(secret))
    done = await away.ccc("import", str(file), "--url", urls["registry"], *client, "--json")
    assert (done.code, json.loads(done.out)[0]["imported_by"]) == (0, "planner"), done.err
    assert len(provider.asked) == 1


async def test_the_default_profile_is_taken_where_nothing_else_is_said_and_public_reads_need_no_token(
    away: Away, urls: dict[str, str]
) -> None:
    away.profiles(f'default = "only"\n[profiles.only]\nurl = "{urls["sampling"]}/"\n')
    done = await away.ccc("ledger", "head")
    assert (done.code, "draw-not-found" in done.err) == (1, True), done.err
    file = away.file("ledger.json", json.dumps(redrawn().export()))
    assert (await away.ccc("ledger", "check", "--ledger", str(file))).code == 0


async def test_inside_a_container_the_addresses_of_its_settings_are_enough(away: Away, urls: dict[str, str]) -> None:
    done = await away.ccc("ledger", "head", CCC_SERVICE_URLS=json.dumps(urls))
    assert (done.code, "draw-not-found" in done.err) == (1, True), done.err


def test_an_address_of_one_service_is_not_taken_for_another() -> None:
    assert Installation({}, "https://x/{service}/").address("cases", {"registry": None}) == "https://x/cases"
    assert Installation({}, "https://x").address("cases", {"cases": None}) == "https://x"
    with pytest.raises(ConfigurationError, match=r"write \{service\} in it"):
        Installation({}, "https://x").address("cases", {"registry": None})


async def test_an_authority_of_ones_own_is_trusted_where_it_is_named(away: Away, world: World) -> None:
    certificate, key = self_signed(away)
    async with serving(world.sampling.app, ssl_certfile=str(certificate), ssl_keyfile=str(key)) as address:
        url = address.replace("http://", "https://")
        trusted = await away.ccc("ledger", "head", "--url", url, "--ca-file", str(certificate))
        unknown = await away.ccc("ledger", "head", "--url", url)
    assert (trusted.code, "draw-not-found" in trusted.err) == (1, True), trusted.err
    assert (unknown.code, "certificate verify failed" in unknown.err) == (2, True), unknown.err


async def test_fields_at_fault_are_named_by_their_pointers(away: Away, urls: dict[str, str], issuer: Issuer) -> None:
    operator = issuer.token(Role.SYSADMIN, "35", "operator")
    words = ("events", "drop", "registry", "01990000-0000-7000-8000-000000000000", "--reason", "why")
    done = await away.ccc(*words, "--url", urls["registry"], "--token", operator)
    assert done.code == 1
    assert "/reason: " in done.err
    chinese = await away.ccc(*words, "--url", urls["registry"], "--token", operator, LC_ALL="zh_CN.UTF-8")
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese.err)
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in done.err)


PUBLISH = ("calendar", "publish", "2026.2")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((*PUBLISH, "--url", "REGISTRY", "--token", "EXPIRED"), 1, "unauthenticated"),
        ((*PUBLISH, "--url", "REGISTRY", "--token", "no token at all"), 1, "unauthenticated"),
        ((*PUBLISH, "--url", "REGISTRY"), 1, "no token is given"),
        ((*PUBLISH, "--url", NOBODY, "--token", "x"), 2, f"registry does not answer at {NOBODY}"),
        ((*PUBLISH, "--url", "http://nowhere.invalid", "--token", "x"), 2, "registry does not answer at http://nowhere.invalid"),
        ((*PUBLISH, "--url", "registry:8000", "--token", "x"), 1, "no http address"),
        ((*PUBLISH, "--url", "IDENTITY", "--token", "x"), 1, "HTTP 404"),
        (("calendar", "preview", "2026.2", "--url", "REGISTRY", "--token", "TOKEN"), 1, "calendar-not-found"),
        ((*PUBLISH, "--profile", "absent"), 1, "there is no profile absent"),
        ((*PUBLISH, "--profile", "right", "--url", "REGISTRY"), 1, "give one of them"),
        ((*PUBLISH, "--profile", "wrong"), 1, "gives wrong no token: invalid_client: wrong secret"),
        ((*PUBLISH, "--profile", "without"), 1, "absent.secret cannot be read"),
        ((*PUBLISH, "--profile", "lost"), 2, f"the identity provider does not answer at {NOBODY}/token"),
        ((*PUBLISH, "--url", "REGISTRY", "--client-id", "right"), 1, "by all three of"),
        ((*PUBLISH, "--profile", "open", "--token", "TOKEN"), 1, "calendar-not-found"),
        ((*PUBLISH, "--profile", "right", "--token", "TOKEN"), 1, "the profile says already as whom to come"),
        ((*PUBLISH, "--url", "REGISTRY", "--ca-file", "absent.pem", "--token", "x"), 1, "absent.pem cannot be read"),
        ((*PUBLISH,), 1, "no runtime is running here"),
        (("ledger", "head"), 1, "no runtime is running here"),
    ],
)
async def test_each_error_has_its_exit_code_and_says_what_is_wrong(
    away: Away,
    urls: dict[str, str],
    issuer: Issuer,
    identity: tuple[IdentityProvider, str],
    token: str,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    _, token_url = identity
    away.file("ccc/secret", SECRET)
    away.file("ccc/other", "wrong")
    away.profiles(
        profile("right", urls, token_url)
        + profile("wrong", urls, token_url, "other")
        + profile("without", urls, token_url, "absent.secret")
        + profile("lost", urls, f"{NOBODY}/token")
        + f'[profiles.open]\nurl = "{urls["registry"]}"\n'
    )
    expired = issuer.token(Role.PROV_ADMIN, "35", "planner", exp=int((datetime.now(UTC) - timedelta(hours=1)).timestamp()))
    words = {"REGISTRY": urls["registry"], "EXPIRED": expired, "TOKEN": token, "IDENTITY": token_url}
    done = await away.ccc(*[words.get(word, word) for word in arguments])
    assert done.code == code, done.err
    assert said in done.err
    assert "Traceback" not in done.err
    assert SECRET not in done.err
    assert not (away.directory / ".ccc").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("default = ", "is no TOML"),
        ("[profiles.a]\n", "give either url or urls"),
        ('[profiles.a]\nurl = "http://x"\nport = 1\n', "profiles.a.port"),
        ('[profiles.a.urls]\nregister = "http://x"\n', "there is no service register"),
        ('[profiles.a]\nurl = "http://x"\nauth = {kind = "basic"}\n', "profiles.a.auth"),
    ],
)
async def test_a_profile_file_that_is_wrong_is_named_with_the_place(away: Away, text: str, said: str) -> None:
    away.profiles(text)
    done = await away.ccc("ledger", "head", "--profile", "a")
    assert (done.code, "Traceback" in done.err) == (1, False)
    assert said in done.err


async def test_a_token_is_kept_until_shortly_before_its_end(issuer: Issuer) -> None:
    provider, now = IdentityProvider(issuer, expires_in=300), [datetime(2024, 8, 5, tzinfo=UTC)]
    async with serving(provider.app) as address:
        credentials = ClientCredentials(f"{address}/token", "planner", SECRET, lambda: now[0])
        first = await credentials.token(PLANNER)
        now[0] += timedelta(seconds=299) - MARGIN
        assert await credentials.token(PLANNER) == first
        now[0] += timedelta(seconds=1)
        await credentials.token(PLANNER)
    assert len(provider.asked) == 2
    assert SECRET not in repr(credentials)


async def test_an_answer_without_a_lifetime_counts_for_a_minute_and_a_rejection_is_an_error(issuer: Issuer) -> None:
    provider, now = IdentityProvider(issuer, expires_in=None), [datetime(2024, 8, 5, tzinfo=UTC)]
    async with serving(provider.app) as address:
        credentials = ClientCredentials(f"{address}/token", "planner", SECRET, lambda: now[0])
        await credentials.token(PLANNER)
        now[0] += timedelta(minutes=1)
        await credentials.token(PLANNER)
        assert len(provider.asked) == 2
        wrong: Any = ClientCredentials(f"{address}/token", "planner", "wrong", lambda: now[0])
        with pytest.raises(TokenRefused, match="invalid_client"):
            await wrong.token(PLANNER)
