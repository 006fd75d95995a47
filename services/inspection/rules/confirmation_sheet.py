"""The confirmation sheet (Annex 2): its content, and the digest that binds the signatures to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.inspection.rules import reference_data
from shared.core.canonical import SHA_256, fingerprint
from shared.vocabulary import FindingSeverity, Measure

STATUS_ZH = {"valid": "有效", "suspended": "暂停", "revoked": "撤销", "cancelled": "注销", "expired": "过期"}
RESPONDENT_ZH = {"object": "被检查单位", "cert_body": "认证机构", "laboratory": "实验室", "person": "人员"}
KIND_ZH = {"certified_org": "获证组织", "seller": "销售者", "importer": "进口商"}
ADVICE_ZH = "（建议，不作为违法行为）"

Row = Mapping[str, Any]


def content(inspection: Row, campaign: Row, experts: Sequence[Row], findings: Sequence[Row], evidence: Row) -> dict[str, Any]:
    """The confirmation sheet of one inspection by the keys of confirmation_sheet.json; `evidence` maps ids to numbers."""
    return {
        "form": reference_data.document("confirmation_sheet")["version"],
        "head": _head(inspection, campaign, experts),
        "rows": [_row(finding, evidence) for finding in findings],
        "guidance": inspection["record"].get("guidance") or "",
        "integrity": {
            "declared": bool(inspection["record"].get("integrity_declared")),
            "acknowledged_by": inspection["record"].get("integrity_acknowledged_by") or "",
        },
    }


def content_hash(sheet: Row) -> str:
    """SHA-256 in hex of the canonical text of the confirmation sheet."""
    return fingerprint(SHA_256, sheet)


def _head(inspection: Row, campaign: Row, experts: Sequence[Row]) -> dict[str, str]:
    inspected, certificate, record = inspection["object"], inspection["certificate"], inspection["record"]
    return {
        "campaign": "".join(campaign.get(key) or "" for key in ("title", "document_no")),
        "sheet_no": f"{inspection['task_no']}-P01",
        "bureau": reference_data.bureau_name(inspection["city"]),
        "object_name": inspected["name"],
        "object_uscc": inspected["uscc"],
        "object_address": inspected.get("address") or "",
        "legal_representative": record.get("legal_representative") or "",
        "contact": record.get("contact") or "",
        "object_role": KIND_ZH[inspected["kind"]],
        "certificate_no": certificate["certificate_no"],
        "product": certificate["product_name"],
        "models": "、".join(certificate.get("models") or ()),
        "body": certificate["body_name"],
        "status_that_day": STATUS_ZH[certificate["status"]],
        "started_at": inspection["started_at"] or "",
        "place": record.get("place") or inspected.get("address") or "",
        "team": "、".join(f"{member['name']}（{member['law_enforcement_no']}）" for member in inspection["members"]),
        "experts": "、".join(f"{expert['name']}（{expert['field']}）" for expert in experts),
    }


def _row(finding: Row, evidence: Row) -> dict[str, str]:
    advice = ADVICE_ZH if finding["severity"] == FindingSeverity.ADVICE else ""
    days = finding["rectify_days"]
    return {
        "no": str(finding["no"]),
        "checklist_code": finding["checklist_code"],
        "fact": finding["fact"] + advice,
        "clause": finding["legal_basis"],
        "evidence": "、".join(f"证据{evidence[evidence_id]}" for evidence_id in finding["evidence_ids"]),
        "respondent": f"{RESPONDENT_ZH[finding['respondent_type']]}：{finding['respondent_name']}",
        "corrected_on_the_spot": "是" if Measure.ON_THE_SPOT_CORRECTION in finding["measures"] else "否",
        "requirement": finding["requirement"] or "",
        "due_on": f"审核下达之日起{days}日内" if days else "",
        "cause": finding["cause"] or "",
        "guidance": finding["guidance"] or "",
    }
