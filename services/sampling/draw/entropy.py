"""Where the seed comes from: the server's secret, then outside sources nobody here controls (draw-protocol §5, §6)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.sampling.draw import instants
from services.sampling.draw.errors import (
    AlreadyContributed,
    IncompleteContributions,
    InvalidPlan,
    InvalidValue,
    TooEarly,
    TooLate,
    UnknownSource,
    WrongSecret,
)
from services.sampling.draw.text import identifier, is_hex, is_identifier
from shared.core.canonical import fingerprint, hexdigest

Source = Mapping[str, Any]
Plan = Sequence[Source]

SERVER: Final = "server"
SECRET_BYTES: Final = 32
_REQUIRED: Final = {
    "witness": frozenset({"kind", "source"}),
    "public": frozenset({"kind", "source", "description", "not_before"}),
}
_OPTIONAL: Final = frozenset({"deadline", "description", "fallback", "not_before", "person"})


def server_source(hash_name: str, secret: bytes) -> dict[str, str]:
    """Give the plan's first source: the hash of the server's 32 secret bytes."""
    return {"commitment": hexdigest(hash_name, secret), "kind": SERVER, "source": SERVER}


def chain(source: Source) -> list[Source]:
    """Give a source and its fallbacks, in the order in which they may deliver."""
    return [source, *source.get("fallback", [])]


def check_plan(plan: Any, sealed_at: datetime) -> None:
    """Refuse an entropy plan that would let anyone know or steer the seed.

    Raises:
        InvalidPlan: the server is not first, no outside source, a malformed source, a name twice, a public value that
            may exist when the draw is sealed, or deadlines that do not lead from source to fallback.
    """
    if not isinstance(plan, list) or not plan or not _is_server(plan[0]):
        raise InvalidPlan("the server's source stands first", pointer="/entropy_plan/0")
    if len(plan) == 1:
        raise InvalidPlan("at least one outside source is needed", pointer="/entropy_plan")
    names = [SERVER]
    for index, source in enumerate(plan[1:], start=1):
        for fault, name in _walk(source, sealed_at):
            if fault or name in names:
                raise InvalidPlan(fault or f"source {name} stands twice", pointer=f"/entropy_plan/{index}")
            names.append(name)


def _is_server(source: Any) -> bool:
    return (
        isinstance(source, dict)
        and source.keys() == {"commitment", "kind", "source"}
        and (source["kind"], source["source"]) == (SERVER, SERVER)
        and is_hex(source["commitment"], SECRET_BYTES)
    )


def _walk(source: Any, sealed_at: datetime) -> Iterator[tuple[str | None, str]]:
    """Yield the fault, if any, and the name of a source and of each of its fallbacks."""
    if not isinstance(source, dict) or not isinstance(source.get("fallback", []), list):
        yield "a source is an object and its fallback a list", ""
        return
    if source.get("fallback") == []:
        yield "a fallback list is not empty", ""
    previous = sealed_at
    for position, member in enumerate(links := chain(source)):
        last = position == len(links) - 1
        yield _fault(member, sealed_at, previous, last=last, first=position == 0), str(_member(member, "source"))
        previous = instants.parse(_member(member, "deadline")) or previous


def _member(source: Any, name: str) -> Any:
    return source.get(name) if isinstance(source, dict) else None


def _fault(source: Any, sealed_at: datetime, previous: datetime, *, last: bool, first: bool) -> str | None:
    kind = _member(source, "kind")
    if not isinstance(kind, str) or kind not in _REQUIRED or not _REQUIRED[kind] <= source.keys():
        return "an outside source is a witness or a public value, with all members its kind asks for"
    if source.keys() - _REQUIRED[kind] - _OPTIONAL or ("fallback" in source and not first):
        return "a source has no other members, and a fallback no fallback"
    if not all(is_identifier(source[name]) for name in source.keys() - {"fallback"}):
        return "the members of a source are texts"
    return _fault_of_times(source, sealed_at, previous, last=last)


def _fault_of_times(source: Source, sealed_at: datetime, previous: datetime, *, last: bool) -> str | None:
    if last == ("deadline" in source):
        return "every source before the last of its chain has a deadline, the last has none"
    times = {name: instants.parse(source[name]) for name in ("not_before", "deadline") if name in source}
    if None in times.values():
        return "times are RFC 3339 with an offset"
    not_before, deadline = times.get("not_before"), times.get("deadline")
    if source["kind"] == "public" and not_before and not_before <= sealed_at:
        return "a public value must not exist when the draw is sealed"
    if deadline and (deadline <= previous or (not_before and deadline <= not_before)):
        return "a deadline comes after the sealing, the deadline before it and its own not_before"
    return None


def admit(plan: Plan, given: Mapping[str, str], source: str, value: str, at: datetime) -> None:
    """Refuse a contribution that may not be taken in now; `given` are the outside values so far, by source.

    Raises:
        UnknownSource, AlreadyContributed, TooEarly, TooLate: as their names say.
        InvalidValue: the value is empty or text that two readers could write differently.
    """
    links = next((links for links in map(chain, plan[1:]) if any(link["source"] == source for link in links)), None)
    if links is None:
        raise UnknownSource(f"source {source!a}", pointer="/source")
    if any(link["source"] in given for link in links):
        raise AlreadyContributed(f"source {source}", pointer="/source")
    position = next(i for i, link in enumerate(links) if link["source"] == source)
    earliest = [instants.parse(links[position].get("not_before"))]
    earliest += [instants.parse(link["deadline"]) for link in links[:position]]
    if any(bound and at < bound for bound in earliest[:1]) or any(bound and at <= bound for bound in earliest[1:]):
        raise TooEarly(f"source {source}", pointer="/source")
    deadline = instants.parse(links[position].get("deadline"))
    if deadline and at > deadline:
        raise TooLate(f"source {source}", pointer="/source")
    identifier(value)


def missing(plan: Plan, given: Mapping[str, str]) -> list[str]:
    """Outside sources of the plan for which neither they nor a fallback has delivered."""
    return [s["source"] for s in plan[1:] if not any(link["source"] in given for link in chain(s))]


def in_plan_order(plan: Plan, secret: str, given: Mapping[str, str]) -> list[dict[str, str]]:
    """Contributions as they stand in a transcript.

    Raises:
        IncompleteContributions: an outside source has not delivered.
    """
    absent = missing(plan, given)
    if absent:
        raise IncompleteContributions(f"not yet delivered: {', '.join(absent)}", sources=absent)
    outside = [next(link["source"] for link in chain(s) if link["source"] in given) for s in plan[1:]]
    return [{"source": SERVER, "value": secret}] + [{"source": name, "value": given[name]} for name in outside]


def check_contributions(hash_name: str, plan: Plan, contributions: Any) -> None:
    """Refuse values that do not answer the plan.

    Raises:
        IncompleteContributions: not one value for each source of the plan, in its order.
        InvalidValue: a value that is not acceptable text.
        WrongSecret: the server's secret is not the one committed to.
    """
    if not isinstance(contributions, list) or len(contributions) != len(plan):
        raise IncompleteContributions("one value for each source of the plan", pointer="/contributions")
    for index, (given, source) in enumerate(zip(contributions, plan, strict=True)):
        if not isinstance(given, dict) or given.keys() != {"source", "value"}:
            raise InvalidValue("a contribution is a source and its value", pointer=f"/contributions/{index}")
        if given["source"] not in [link["source"] for link in chain(source)]:
            raise IncompleteContributions(f"source {source['source']} is due here", pointer=f"/contributions/{index}")
        identifier(given["value"])
    secret = contributions[0]["value"]
    if not is_hex(secret, SECRET_BYTES) or hexdigest(hash_name, bytes.fromhex(secret)) != plan[0]["commitment"]:
        raise WrongSecret(pointer="/contributions/0/value")


def seed(hash_name: str, commitment_digest: str, contributions: Sequence[Mapping[str, str]]) -> str:
    """Lower-case hex of the seed: the hash of the commitment's digest and every contribution in plan order."""
    return fingerprint(hash_name, {"commitment": commitment_digest, "contributions": list(contributions)})
