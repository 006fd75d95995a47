"""How a campaign moves, and how its tasks are numbered."""

from collections.abc import Mapping
from typing import Final

from services.sampling.errors import CampaignNotInState
from shared.vocabulary import CampaignState

_UNPUBLISHED: Final = (CampaignState.DRAFT, CampaignState.APPROVED)
_FROM: Final[Mapping[CampaignState, tuple[CampaignState, ...]]] = {
    CampaignState.DRAFT: _UNPUBLISHED,
    CampaignState.APPROVED: (CampaignState.DRAFT,),
    CampaignState.PUBLISHED: (CampaignState.APPROVED,),
    CampaignState.CLOSED: (CampaignState.PUBLISHED,),
    CampaignState.WITHDRAWN: _UNPUBLISHED,
}


def moved(state: CampaignState, to: CampaignState) -> CampaignState:
    """The next state; an edit brings a plan back to its draft.

    Raises:
        CampaignNotInState: the campaign is in no state before it.
    """
    if state not in _FROM[to]:
        raise CampaignNotInState(f"{state.value} → {to.value}", state=state.value)
    return to


def task_no(code: str, city: str, number: int) -> str:
    """The official number of an inspection task: campaign, city, running number of the city."""
    return f"{code}-{city}-{number:03d}"
