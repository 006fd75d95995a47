"""What anyone needs to check a draw: transcripts, proofs, the ledger and the programs that check them."""

import asyncio
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.sampling.api.callers import KeyRing, ProofReader, TranscriptReader
from services.sampling.documents.dossier import dossier
from services.sampling.draw.errors import LedgerBroken, LedgerInconsistent, NotInFrame
from services.sampling.draw.ledger import PROTOCOL, Head, check_consistent
from services.sampling.draw.signatures import signed
from services.sampling.errors import DrawNotFound, DrawStepRefused, EmbargoNotOver
from services.sampling.models import Draw
from services.sampling.queries import dossiers, draws, ledger
from services.sampling.queries import transcripts as queries
from services.sampling.rules import verifiers
from services.sampling.rules.vault import Keys
from services.sampling.schemas.base import Uscc
from services.sampling.schemas.draws import Consistency, HeadIn, Verifier
from shared.core.canonical import SHA_256, SM3, hexdigest
from shared.core.clock import legal_day
from shared.security.auth import anyone
from shared.web.audited_reads import audited
from shared.web.dependencies import Now, Reading
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(route_class=ServiceRoute, tags=["verification 核验"])
Public = Annotated[None, Depends(anyone)]

_ZIP: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}}}


def _signed(document: dict[str, Any], keys: Keys) -> JSONResponse:
    return JSONResponse(signed(document, keys.signer))


@router.get(
    "/v1/draws/{draw_id}/transcript",
    response_model=dict[str, Any],
    dependencies=[audited("transcript.read")],
    responses=problem_responses(DrawNotFound, DrawStepRefused),
)
async def get_transcript(draw_id: UUID, session: Reading, by: TranscriptReader, keys: KeyRing) -> JSONResponse:
    """Read the full transcript (抽取记录全文) of an executed draw, signed."""
    return _signed(await queries.full(session, await draws.draw_entitled(session, draw_id, by)), keys)


@router.get(
    "/v1/draws/{draw_id}/transcript/public",
    response_model=dict[str, Any],
    responses=problem_responses(DrawNotFound, DrawStepRefused),
)
async def get_public_transcript(draw_id: UUID, session: Reading, now: Now, keys: KeyRing, _: Public) -> JSONResponse:
    """Read the redacted transcript (抽取记录公开本), signed: after the embargo with the drawn units and their proofs."""
    return _signed(await queries.public(session, await draws.draw(session, draw_id), legal_day(now)), keys)


@router.get(
    "/v1/draws/{draw_id}/dossier",
    response_class=Response,
    dependencies=[audited("dossier.read")],
    responses=problem_responses(DrawNotFound, DrawStepRefused) | _ZIP,
)
async def download_dossier(draw_id: UUID, session: Reading, by: TranscriptReader, keys: KeyRing) -> Response:
    """Download the dossier (抽取卷宗) of an executed draw: transcript, ledger, printed record, programs that check them."""
    draw = await draws.draw_entitled(session, draw_id, by)
    return await _dossier(session, draw, await queries.full(session, draw), keys)


@router.get(
    "/v1/draws/{draw_id}/dossier/public",
    response_class=Response,
    responses=problem_responses(DrawNotFound, DrawStepRefused) | _ZIP,
)
async def download_public_dossier(draw_id: UUID, session: Reading, now: Now, keys: KeyRing, _: Public) -> Response:
    """Download the public dossier (抽取卷宗公开本): the same with the redacted transcript."""
    draw = await draws.draw(session, draw_id)
    return await _dossier(session, draw, await queries.public(session, draw, legal_day(now)), keys)


async def _dossier(session: AsyncSession, draw: Draw, document: dict[str, Any], keys: Keys) -> Response:
    campaign, acts = await dossiers.campaign(session, draw), await dossiers.acts(session, draw)
    packed = await asyncio.to_thread(dossier, document, campaign, acts, keys.signer)
    name = {"Content-Disposition": f'attachment; filename="draw-{draw.id}.zip"'}
    return Response(packed, media_type="application/zip", headers=name)


@router.get(
    "/v1/draws/{draw_id}/membership/{uscc}",
    response_model=dict[str, Any],
    dependencies=[audited("membership.read")],
    responses=problem_responses(DrawNotFound, DrawStepRefused, NotInFrame, EmbargoNotOver),
)
async def get_membership(draw_id: UUID, uscc: Uscc, session: Reading, now: Now, by: ProofReader, keys: KeyRing) -> JSONResponse:
    """Read the proof (在库与名次证明) that an organisation was in the frame, and at which rank, without seeing anyone else.

    An organisation gets its own, once the embargo is over.
    """
    return _signed(await queries.proof(session, await draws.draw(session, draw_id), uscc, by, legal_day(now)), keys)


@router.get("/v1/ledger", response_model=dict[str, Any], responses=problem_responses())
async def get_ledger(session: Reading, now: Now, keys: KeyRing, _: Public) -> JSONResponse:
    """Read the whole ledger (抽取台账), signed; bodies under embargo are withheld, the chain still verifies."""
    entries = await ledger.public(session, legal_day(now))
    head = Head(entries[-1]["seq"], entries[-1]["digest"]).document() if entries else {"digest": None, "seq": 0}
    found = {"digest": head["digest"], "seq": head["seq"]}
    return _signed({"entries": entries, "head": found, "protocol": PROTOCOL}, keys)


@router.get("/v1/ledger/head", response_model=dict[str, Any], responses=problem_responses(DrawNotFound))
async def get_ledger_head(session: Reading, keys: KeyRing, _: Public) -> JSONResponse:
    """Read the ledger's head (台账链头), signed: whoever keeps it notices any later change before it."""
    head = await ledger.head(session)
    if head is None:
        raise DrawNotFound
    return _signed(head.document(), keys)


@router.get("/v1/ledger/consistency", responses=problem_responses(LedgerInconsistent, LedgerBroken))
async def check_ledger(session: Reading, _: Public, kept: Annotated[HeadIn, Depends()]) -> Consistency:
    """Check that the ledger goes on from a head that somebody kept (核对台账一致性)."""
    head = check_consistent(await ledger.entries(session), Head(kept.seq, kept.digest))
    return Consistency(consistent=True, head=head.document())


@router.get("/v1/verifiers", responses=problem_responses())
async def list_verifiers(_: Public) -> list[Verifier]:
    """List the programs that check a transcript offline (核验程序), with their digests."""
    return [
        Verifier(name=name, url=f"/verifiers/{name}", sha256=_digest(SHA_256, name), sm3=_digest(SM3, name))
        for name in verifiers.NAMES
    ]


def _digest(algorithm: str, name: str) -> str:
    return hexdigest(algorithm, verifiers.content(name))


@router.get("/verifiers/{name}", response_class=Response, responses=problem_responses())
async def download_verifier(name: Literal["verify_draw.py", "verify_draw.html"], _: Public) -> Response:
    """Download a program that checks a transcript offline (下载核验程序)."""
    return Response(verifiers.content(name), media_type=verifiers.NAMES[name])
