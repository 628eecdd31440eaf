from warmline.service.desk.models.arrival import Arrival, Channel, FromWhom, Numbering, Photo
from warmline.service.desk.models.authority import Authority, Remedy, RemedyKind
from warmline.service.desk.models.case import Case
from warmline.service.desk.models.case_event import CaseEvent
from warmline.service.desk.models.cause import Cause, Prevention
from warmline.service.desk.models.channel_log import ChannelLine, Reckoning
from warmline.service.desk.models.console import Presence, SavedView
from warmline.service.desk.models.feedback import Department, Feedback
from warmline.service.desk.models.freeze import Freeze
from warmline.service.desk.models.macro import Macro
from warmline.service.desk.models.ruling import CaseKind, DeskRules, rules
from warmline.service.desk.models.sample import Sample
from warmline.service.desk.models.tally import Tally

__all__ = [
    "Arrival",
    "Authority",
    "Case",
    "CaseEvent",
    "CaseKind",
    "Cause",
    "Channel",
    "ChannelLine",
    "Department",
    "DeskRules",
    "Feedback",
    "Freeze",
    "FromWhom",
    "Macro",
    "Numbering",
    "Photo",
    "Presence",
    "Prevention",
    "Reckoning",
    "Remedy",
    "RemedyKind",
    "Sample",
    "SavedView",
    "Tally",
    "rules",
]
