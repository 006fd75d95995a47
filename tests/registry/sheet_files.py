"""Small files to import, made for one test each."""

import csv
import io
from typing import Any

from stdnum.cn import uscc

from services.registry.service import imports
from shared.testing.world import World
from shared.vocabulary import Role

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBER = "2022010101000001"


def code(serial: int, division: str = "350102") -> str:
    """A USCC with a valid check character."""
    stem = f"91{division}MA{serial:06d}X"
    return stem + str(uscc.calc_check_digit(stem))


def row(**changes: str) -> dict[str, str]:
    """One good row of the certificate export, changed as asked: field names as in import_aliases.json."""
    good = {
        "证书编号": NUMBER,
        "证书版本": "00",
        "证书状态": "有效",
        "首次发证日期": "2022-03-01",
        "发证日期": "2022-03-01",
        "证书到期日期": "2027-03-01",
        "信息上报日期": "2024-07-31",
        "发证机构": "中国质量认证中心有限公司",
        "机构批准号": "CNCA-R-2002-001",
        "产品类别代码": "0101",
        "产品名称": "电线组件",
        "产品型号": "A-1、A-2",
        "认证委托人名称": "福州模拟电缆有限公司",
        "认证委托人统一社会信用代码": code(1),
        "认证委托人行政区划代码": "350102",
        "认证委托人地址": "鼓楼区模拟路1号",
        "生产者名称": "福州模拟电缆有限公司",
    }
    return good | changes


def sheet(*rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    """Rows as CSV."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(dict.fromkeys(key for cells in rows for key in cells)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


async def send(world: World, content: bytes, query: str = "kind=certificates", media: str = CSV, **how: Any) -> Any:
    """Send a file as the province; returns the response."""
    how = {"as_": Role.PROV_ADMIN, "content": content, "headers": {"Content-Type": media}} | how
    return await world.registry.post(f"/v1/imports?{query}", **how)


async def run_of(world: World, answer: Any) -> dict[str, Any]:
    """Process what was sent; returns the finished import."""
    assert answer.status_code in (200, 202), answer.text
    await imports.drain(world.registry.database)
    answered = await world.registry.get(f"/v1/imports/{answer.json()['id']}", as_=Role.PROV_ADMIN)
    run: dict[str, Any] = answered.json() | {"repeated": answer.json()["repeated"]}
    return run


async def imported(world: World, *rows: dict[str, str], query: str = "kind=certificates") -> dict[str, Any]:
    """Import rows as one file; returns the finished import."""
    return await run_of(world, await send(world, sheet(*rows), query))


async def issues_of(world: World, run: dict[str, Any]) -> list[tuple[int, str]]:
    """Line and code of every validation issue of an import."""
    answer = await world.registry.get(f"/v1/imports/{run['id']}/rejections?limit=200", as_=Role.PROV_ADMIN)
    return [(issue["line"], issue["code"]) for issue in answer.json()["items"]]
