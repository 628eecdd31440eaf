from warmline.goods.trace.models.asking import Callback, NamedQuery, Subscription
from warmline.goods.trace.models.codes import Certificate, CodeBatch, Kind, Lot, Paper
from warmline.goods.trace.models.events import (
    CaptureJob,
    Document,
    ErrorDeclaration,
    Event,
    EventKey,
    KindEvent,
    UnitEvent,
)
from warmline.goods.trace.models.holds import Hold
from warmline.goods.trace.models.places import CompanyPrefix, Party, Place, Post, Word
from warmline.goods.trace.models.recalls import (
    Recall,
    RecallFamily,
    RecallHolding,
    RecallScope,
)
from warmline.goods.trace.models.units import (
    Edge,
    ForeignCode,
    Oddity,
    Redemption,
    Scan,
    ScanCount,
    Unit,
    UnitOwner,
)

__all__ = [
    "Callback",
    "CaptureJob",
    "Certificate",
    "CodeBatch",
    "CompanyPrefix",
    "Document",
    "Edge",
    "ErrorDeclaration",
    "Event",
    "EventKey",
    "ForeignCode",
    "Hold",
    "Kind",
    "KindEvent",
    "Lot",
    "NamedQuery",
    "Oddity",
    "Paper",
    "Party",
    "Place",
    "Post",
    "Recall",
    "RecallFamily",
    "RecallHolding",
    "RecallScope",
    "Redemption",
    "Scan",
    "ScanCount",
    "Subscription",
    "Unit",
    "UnitEvent",
    "UnitOwner",
    "Word",
]
