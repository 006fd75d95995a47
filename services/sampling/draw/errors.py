"""The errors of the draw: one screen for an auditor."""

from shared.core.errors import DomainError


class DrawError(DomainError):
    """A draw, or a step of it, that the protocol does not allow."""

    code, status = "draw-refused", 409
    title_zh, title_en = "抽签请求不符合抽签规程", "The draw protocol does not allow this"


class InvalidFrame(DrawError):
    """The list of units is not a frame: a bad unit, a unit twice, not ascending, or empty."""

    code, status = "draw-frame-invalid", 422
    title_zh, title_en = "抽样框不符合要求", "The frame is not valid"


class InvalidPlan(DrawError):
    """The parameters, the entropy plan or another part of the commitment is not what the protocol asks for."""

    code, status = "draw-plan-invalid", 422
    title_zh, title_en = "抽签方案不符合要求", "The plan of the draw is not valid"


class InfeasibleAllocation(DrawError):
    """The sample cannot be spread over the strata; `stratum` names the one that binds."""

    code, status = "draw-allocation-infeasible", 409
    title_zh, title_en = "样本量无法分配到各层", "The sample cannot be allocated to the strata"


class InfeasibleTeams(DrawError):
    """No assignment fills every task. `tasks` compete for `inspectors` and lack `missing` places of the `demand`."""

    code, status = "draw-teams-infeasible", 409
    title_zh, title_en = (
        "可用检查人员不足，无法组成检查组",
        "Not enough eligible inspectors to fill the teams",
    )


class FrameChanged(DrawError):
    """The frame is not the one that was committed to."""

    code, status = "draw-frame-changed", 409
    title_zh, title_en = "抽样框与承诺不一致", "The frame differs from the commitment"


class UnknownSource(DrawError):
    """The entropy plan names no such source, or the source is the server, whose secret is fixed already."""

    code, status = "draw-source-unknown", 422
    title_zh, title_en = "随机数来源不在方案之内", "The entropy plan has no such outside source"


class AlreadyContributed(DrawError):
    """The source, or another of its chain, has given its value; no value is ever replaced."""

    code, status = "draw-already-contributed", 409
    title_zh, title_en = "该来源已提交随机数，不得更改", "A value has been given already and cannot be replaced"


class TooEarly(DrawError):
    """The value comes before its `not_before`, or a fallback before the deadline of the source it stands in for."""

    code, status = "draw-contribution-too-early", 409
    title_zh, title_en = "未到提交随机数的时间", "The value comes too early"


class TooLate(DrawError):
    """The deadline of the source has passed; its fallback is due."""

    code, status = "draw-contribution-too-late", 409
    title_zh, title_en = "已过提交期限，应由备用来源提交", "The deadline has passed; the fallback is due"


class IncompleteContributions(DrawError):
    """The values do not answer the entropy plan one for one, in its order."""

    code, status = "draw-contributions-incomplete", 409
    title_zh, title_en = "随机数尚未齐备", "The contributions are not complete"


class WrongSecret(DrawError):
    """The server's secret does not hash to the value that was committed to."""

    code, status = "draw-secret-wrong", 409
    title_zh, title_en = "服务器随机数与承诺不一致", "The secret does not match its commitment"


class InvalidValue(DrawError):
    """A contributed value or an identifier has characters that two readers could write differently."""

    code, status = "draw-value-invalid", 422
    title_zh, title_en = "文字不符合规范", "The text is not acceptable"


class NoReserve(DrawError):
    """The stratum has no unused reserve left: only a new draw helps."""

    code, status = "draw-no-reserve", 409
    title_zh, title_en = "该层备选单位已用尽", "No reserve is left in the stratum"


class NotReplaceable(DrawError):
    """The unit or inspector is not, or no longer, part of the result."""

    code, status = "draw-not-replaceable", 409
    title_zh, title_en = "该对象不在当前抽签结果中", "It is not part of the current result"


class NotInFrame(DrawError):
    """The organisation was not in the frame of this draw."""

    code, status = "draw-not-in-frame", 404
    title_zh, title_en = "该单位不在抽样框内", "The unit was not in the frame"


class LedgerBroken(DrawError):
    """The entries are not one chain; `seq` names the first that does not hold."""

    code, status = "draw-ledger-broken", 409
    title_zh, title_en = "台账链条不完整或被改动", "The ledger is not an unbroken chain"


class LedgerInconsistent(DrawError):
    """The ledger does not contain the earlier head: it was rewritten or cut, or the head is forged."""

    code, status = "draw-ledger-inconsistent", 409
    title_zh, title_en = "台账与先前公布的链头不一致", "The ledger does not contain the earlier head"


class InvalidSignature(DrawError):
    """The document is unsigned, its signature is malformed, or it does not fit the document."""

    code, status = "draw-signature-invalid", 422
    title_zh, title_en = "签名缺失或无效", "The signature is missing or not valid"
