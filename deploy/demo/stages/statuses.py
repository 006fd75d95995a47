"""Status events of the certification bodies (认证机构暂停证书)."""

from datetime import date, timedelta

from deploy.demo import cast
from deploy.demo.journey import Journey, Record

SUSPENDED_FOR = timedelta(days=80)
_BODY_CODE = slice(4, 6)


async def suspend(journey: Journey, number: str, on: date) -> None:
    """The certification body suspends a certificate and publishes it."""
    event: Record = {
        "change": "suspend",
        "effective_on": on.isoformat(),
        "published_on": on.isoformat(),
        "reason_code": "follow_up_nonconformity",
        "suspend_until": (on + SUSPENDED_FOR).isoformat(),
        "affected_models": [],
        "explanation": None,
    }
    body = cast.body_contact(number[_BODY_CODE])
    await journey.api.post("registry", f"/v1/certificates/{number}/status-events", body, event)
