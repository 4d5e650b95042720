"""The models of all kinds, for Django."""

from signalpost.drafts.business import Policy, Segment, Trigger
from signalpost.drafts.communications import Communication, Edition
from signalpost.drafts.dress import Brand, Image, Insert, Language, Layout
from signalpost.drafts.texts import DataContract, SharedText

__all__ = [
    "Brand",
    "Communication",
    "DataContract",
    "Edition",
    "Image",
    "Insert",
    "Language",
    "Layout",
    "Policy",
    "Segment",
    "SharedText",
    "Trigger",
]
