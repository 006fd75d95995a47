"""Who comes for whom after the draw: the next reserve for an organisation, a new draw for a team (draw-protocol §7)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.sampling.draw.errors import NoReserve, NotReplaceable
from services.sampling.draw.selection import Entry
from services.sampling.draw.teams import Team


def next_reserve(
    selected: Iterable[Entry], reserves: Iterable[Entry], replaced: Iterable[tuple[str, str]], outgoing: str
) -> Entry:
    """Give the reserve that takes the place of `outgoing`: the next unused one of its stratum.

    `replaced` are the earlier replacements as (outgoing, incoming), in the order of the ledger.

    Raises:
        NotReplaceable: `outgoing` is not, or no longer, drawn.
        NoReserve: its stratum has no unused reserve.
    """
    spare = {entry["unit_id"]: entry for entry in reserves}
    active = {entry["unit_id"]: entry for entry in selected}
    for gone, brought in replaced:
        del active[gone]
        active[brought] = spare.pop(brought)
    if outgoing not in active:
        raise NotReplaceable(f"unit {outgoing}", unit_id=outgoing)
    stratum = active[outgoing]["stratum"]
    waiting = [entry for entry in spare.values() if entry["stratum"] == stratum]
    if not waiting:
        raise NoReserve(f"stratum {stratum}", stratum=stratum)
    return min(waiting, key=lambda entry: entry["rank"])


def current_team(team: Team, replaced: Iterable[tuple[str, str]]) -> list[str]:
    """Members of a team after its replacements, given as (outgoing, incoming) in the order of the ledger.

    Raises:
        NotReplaceable: a replacement names someone who was not in the team at that point.
    """
    members = list(team["members"])
    for outgoing, incoming in replaced:
        if outgoing not in members:
            raise NotReplaceable(f"inspector {outgoing}", inspector=outgoing)
        members[members.index(outgoing)] = incoming
    return members


def member_parameters(
    commitment_digest: str,
    task: str,
    members: Sequence[str],
    outgoing: str,
    eligible: Iterable[str],
    capacity: Mapping[str, int],
) -> dict[str, Any]:
    """Parameters of the inspector draw that replaces one member of a team.

    Args:
        commitment_digest: of the draw that gave the team.
        task: the team's task.
        members: the team as it stands now (`current_team`).
        outgoing: the member who leaves.
        eligible: who may come; the leaving and the remaining members are left out here.
        capacity: how many further tasks each inspector of the replacement's frame can take on.

    Raises:
        NotReplaceable: `outgoing` is not in the team.
    """
    if outgoing not in members:
        raise NotReplaceable(f"inspector {outgoing}", inspector=outgoing)
    kept = sorted(set(members) - {outgoing})
    pool = sorted(set(eligible) - set(members))
    return {
        "capacity": dict(capacity),
        "replaces": {"commitment_digest": commitment_digest, "kept": kept, "outgoing": outgoing, "task": task},
        "tasks": [{"eligible": pool, "size": 1, "task": task}],
    }
