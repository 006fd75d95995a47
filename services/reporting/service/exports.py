"""Forms that leave the system: each export is audited and names who exported it."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from services.reporting.documents.workbook import Cover, workbook
from services.reporting.queries import Scope, campaign
from services.reporting.rules.enums import Round
from services.reporting.rules.reference_data import agency, document
from shared.core.clock import SHANGHAI, legal_day
from shared.core.ids import new_id
from shared.database.session import Session
from shared.security import audit


async def export(session: Session, form: str, scope: Scope, round_: Round | None, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The form as a workbook, written in a thread beside the event loop; the export is audited.

    Raises:
        CampaignNotFound: the campaign is not published.
    """
    of_campaign = await campaign(session, scope.campaign_id)
    layout = document(form)
    number = new_id()
    moment = session.now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    mark = f"{agency(scope.by.org)} {scope.by.subject} {moment} {number}"
    round_zh = {Round.INTERIM: "（阶段报告）", Round.FINAL: "（最终报告）", None: ""}[round_]
    cover = Cover(
        number=layout["title_zh"].removesuffix(layout["alias_title"]).strip(),
        title=f"{layout['official_title']}{round_zh}",
        campaign=str(of_campaign.title),
        org=agency(scope.org),
        day=legal_day(session.now),
        watermark=mark,
    )
    all_rows = list(rows)
    details = {"form": form, "round": round_, "city": scope.city, "rows": len(all_rows), "export": str(number)}
    audit.record(session, scope.by, f"{form}.exported", scope.campaign_id, **details)
    return await asyncio.to_thread(workbook, form, cover, all_rows)
