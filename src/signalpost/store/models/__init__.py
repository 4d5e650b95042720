"""The tables, by noun. Hot paths do not go through these classes but through the batch queries beside them."""

from signalpost.store.models.deliveries import Attempt, Decision, Delivery, Lease, Receipt
from signalpost.store.models.documents import Document
from signalpost.store.models.events import Body, Contract, Event, Mapping, Quarantine
from signalpost.store.models.library import (
    BoundContent,
    ItemVersion,
    LiveItem,
    PlaybookItem,
    Release,
    ReleaseChange,
    ReleaseComment,
    ReleaseContent,
    ReleaseSignOff,
)
from signalpost.store.models.operations import ClientScope, Endpoint, IdempotencyKey, Listening, Switch
from signalpost.store.models.parties import Account, Consent, ContactPoint, Customer, Preference
from signalpost.store.models.places import Area, Device, Premise
from signalpost.store.models.records import Cursor, LogFact
from signalpost.store.models.replays import Replay, ReplayCase, Writing
from signalpost.store.models.reviews import ReviewAsked
from signalpost.store.models.situations import Affected, Alarm, Change, Estimate, Incident, Member, RuleSet
from signalpost.store.models.staff import StaffRight
from signalpost.store.models.templates import CommunicationType, PolicyVersion, TemplateVersion
from signalpost.store.models.traces import TraceContext
from signalpost.store.models.traffic import Bucket, Provider

__all__ = [
    "Account",
    "Affected",
    "Alarm",
    "Area",
    "Attempt",
    "Body",
    "BoundContent",
    "Bucket",
    "Change",
    "ClientScope",
    "CommunicationType",
    "Consent",
    "ContactPoint",
    "Contract",
    "Cursor",
    "Customer",
    "Decision",
    "Delivery",
    "Device",
    "Document",
    "Endpoint",
    "Estimate",
    "Event",
    "IdempotencyKey",
    "Incident",
    "ItemVersion",
    "Lease",
    "Listening",
    "LiveItem",
    "LogFact",
    "Mapping",
    "Member",
    "PlaybookItem",
    "PolicyVersion",
    "Preference",
    "Premise",
    "Provider",
    "Quarantine",
    "Receipt",
    "Release",
    "ReleaseChange",
    "ReleaseComment",
    "ReleaseContent",
    "ReleaseSignOff",
    "Replay",
    "ReplayCase",
    "ReviewAsked",
    "RuleSet",
    "StaffRight",
    "Switch",
    "TemplateVersion",
    "TraceContext",
    "Writing",
]
