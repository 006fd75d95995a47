"""How a campaign moves, and how its tasks are numbered."""

from collections.abc import Mapping
from typing import Final

from services.sampling.errors import CampaignNotInState
from shared.terms import CampaignState

_FROM: Final[Mapping[CampaignState, CampaignState]] = {
    CampaignState.APPROVED: CampaignState.DRAFT,
    CampaignState.PUBLISHED: CampaignState.APPROVED,
    CampaignState.CLOSED: CampaignState.PUBLISHED,
}


def moved(state: CampaignState, to: CampaignState) -> CampaignState:
    """The next state.

    Raises:
        CampaignNotInState: the campaign is not in the state before it.
    """
    if _FROM[to] is not state:
        raise CampaignNotInState(f"{state.value} → {to.value}", state=state.value)
    return to


def task_no(code: str, city: str, number: int) -> str:
    """The official number of an inspection task: campaign, city, running number of the city."""
    return f"{code}-{city}-{number:03d}"
