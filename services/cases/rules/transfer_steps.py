"""The steps of a criminal transfer (国务院令第310号) as values."""

from typing import Literal

from pydantic import Field

from services.cases.rules.bodies import Body, Grounded, Person, Receipted, Short, Step, Text

Material = Literal["transfer_letter", "investigation_report", "goods_list", "test_report", "other"]


class Suspicion(Step, event="suspect"):
    """A crime is suspected (发现涉嫌犯罪): the threshold reached, or `reported`."""

    ground: str


class Team(Step, event="form_team"):
    """The team of a criminal transfer (专案组)."""

    members: tuple[Person, ...] = Field(max_length=20)


class Report(Step, event="submit_report"):
    """The team's report (移送报告)."""

    report: Text


class Approval(Step, event="approve"):
    """The head approves the transfer (批准移送)."""


class Rejection(Grounded, Step, event="reject"):
    """The head does not approve the transfer (不批准移送)."""


class Sending(Step, event="send"):
    """What goes to the police (移送材料)."""

    materials: tuple[Material, ...] = Field(max_length=20)
    procuratorate_copied: bool
    police: Short = Field(description="公安机关", examples=["福州市公安局"])


class Acceptance(Receipted, Step, event="accept"):
    """The police acknowledge receipt (公安受理)."""


class Forwarding(Step, event="forward"):
    """The police forward the transfer (转送)."""

    receiver: Short = Field(examples=["厦门市公安局"])


class PoliceDocument(Body):
    """A decision of the police with its document."""

    document: Short = Field(examples=["榕公立字〔2024〕3号"])


class PoliceFiling(PoliceDocument, Step, event="police_file"):
    """The police filed (立案)."""


class PoliceRejection(Grounded, PoliceDocument, Step, event="police_decline"):
    """The police did not file (不予立案)."""


class Reconsideration(Step, event="ask_reconsideration"):
    """The police are asked to reconsider (提请复议)."""


class ProcuratorateAdvice(Step, event="advise_procuratorate"):
    """The procuratorate is advised to supervise (建议检察院立案监督)."""


class Handover(Receipted, Step, event="hand_over"):
    """Goods and documents are handed over (移交涉案物品)."""


class ReturnToAdministration(Grounded, Step, event="return_to_admin"):
    """The case comes back from the police (退回行政处理)."""


ANSWERS = (Acceptance, Forwarding, PoliceFiling, PoliceRejection)
"""What the police answer."""
