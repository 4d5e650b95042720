"""The contract of an event type: what an envelope must keep to become an event."""

import datetime as dt
import functools
from collections.abc import Mapping

import jsonschema_rs
import msgspec

from signalpost.flow.accept import cloudevents, reading
from signalpost.vocabulary import events, records


def settle(
    envelope: cloudevents.Envelope,
    contracts: Mapping[str, events.Contract],
    *,
    limits: events.Limits,
    received_at: dt.datetime,
    now: dt.datetime,
) -> events.Event | events.Refusal:
    """Check an envelope against its contract and settle its times to UTC."""
    refusal = _attribute_flaw(envelope, limits)
    if refusal is not None:
        return _named(refusal, envelope)
    contract = contracts.get(envelope.type)
    if contract is None:
        known = ", ".join(sorted(contracts)) or "none is known"
        return _named(
            reading.refuse(
                events.RefusalReason.UNKNOWN_TYPE, field="/type", wanted=f"one of: {known}", got=envelope.type
            ),
            envelope,
        )
    occurred_at = _time(envelope.time, received_at)
    if isinstance(occurred_at, events.Refusal):
        return _named(occurred_at, envelope)
    refusal = _age_flaw(contract, occurred_at, now) or _subject_flaw(contract, envelope)
    if refusal is not None:
        return _named(refusal, envelope)
    data = _data(envelope, contract, limits)
    if isinstance(data, events.Refusal):
        return _named(data, envelope)
    subject = envelope.subject or ""
    text = records.canonical(data).decode()
    return events.Event(
        source=envelope.source,
        id=envelope.id,
        type=envelope.type,
        subject=subject,
        occurred_at=occurred_at,
        received_at=received_at,
        lane=contract.lane,
        data=text,
        digest=records.digest(records.canonical([envelope.type, subject, envelope.time, text])),
    )


def _named(refusal: events.Refusal, envelope: cloudevents.Envelope) -> events.Refusal:
    return msgspec.structs.replace(refusal, source=reading.literal(envelope.source), id=reading.literal(envelope.id))


def _attribute_flaw(envelope: cloudevents.Envelope, limits: events.Limits) -> events.Refusal | None:
    if envelope.specversion != cloudevents.VERSION:
        return reading.refuse(
            events.RefusalReason.UNSUPPORTED_VERSION,
            field="/specversion",
            wanted=cloudevents.VERSION,
            got=envelope.specversion,
        )
    if envelope.data_base64 is not None:
        return reading.refuse(
            events.RefusalReason.UNSUPPORTED_MEDIA_TYPE, field="/data_base64", wanted="JSON in data", got="base64"
        )
    if envelope.datacontenttype is not None and not cloudevents.is_json(envelope.datacontenttype):
        return reading.refuse(
            events.RefusalReason.UNSUPPORTED_MEDIA_TYPE,
            field="/datacontenttype",
            wanted="JSON data",
            got=envelope.datacontenttype,
        )
    attributes = {
        "id": envelope.id,
        "source": envelope.source,
        "type": envelope.type,
        "subject": "-" if envelope.subject is None else envelope.subject,
    }
    for name, text in attributes.items():
        if not 0 < len(text) <= limits.max_attribute_characters:
            return reading.refuse(
                events.RefusalReason.INVALID_FIELD,
                field=f"/{name}",
                wanted=f"1 to {limits.max_attribute_characters} characters",
                got=f"{len(text)} characters",
            )
        flaw = reading.text_flaw(text, f"/{name}")
        if flaw is not None:
            return flaw
    return None


def _time(text: str | None, received_at: dt.datetime) -> dt.datetime | events.Refusal:
    if text is None:
        return received_at
    try:
        found = msgspec.convert(text, dt.datetime)
        return found.astimezone(dt.UTC) if found.tzinfo is not None else _no_time(text)
    except (msgspec.ValidationError, OverflowError):
        return _no_time(text)


def _no_time(text: str) -> events.Refusal:
    return reading.refuse(
        events.RefusalReason.INVALID_FIELD, field="/time", wanted="an RFC 3339 time with its offset", got=text
    )


def _age_flaw(contract: events.Contract, occurred_at: dt.datetime, now: dt.datetime) -> events.Refusal | None:
    age = (now - occurred_at).total_seconds()
    if contract.max_age_seconds is not None and age > contract.max_age_seconds:
        return reading.refuse(
            events.RefusalReason.TOO_OLD,
            field="/time",
            wanted=f"at most {contract.max_age_seconds} s old",
            got=f"{age:.0f} s old",
        )
    if -age > contract.max_ahead_seconds:
        return reading.refuse(
            events.RefusalReason.IN_FUTURE,
            field="/time",
            wanted=f"at most {contract.max_ahead_seconds} s ahead",
            got=f"{-age:.0f} s ahead",
        )
    return None


def _subject_flaw(contract: events.Contract, envelope: cloudevents.Envelope) -> events.Refusal | None:
    if contract.subject_kind and not envelope.subject:
        return reading.refuse(
            events.RefusalReason.MISSING_FIELD, field="/subject", wanted=f"a {contract.subject_kind}", got="none"
        )
    return None


def _data(
    envelope: cloudevents.Envelope, contract: events.Contract, limits: events.Limits
) -> "records.Json | events.Refusal":
    data = reading.json_of(bytes(envelope.data), max_depth_levels=limits.max_depth_levels)
    if isinstance(data, events.Refusal):
        return msgspec.structs.replace(data, field=f"/data{data.field}")
    if data is None:
        data = {}
    validator = _validator(contract.data_schema)
    if validator.is_valid(data):
        return data
    return _contract_flaw(next(iter(validator.iter_errors(data))))


def _contract_flaw(error: jsonschema_rs.ValidationError) -> events.Refusal:
    """What a contract says about data that does not keep it."""
    field = "".join(f"/{reading.pointer(str(step))}" for step in ("data", *error.instance_path))
    if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required):
        name = str(error.kind.property)
        return reading.refuse(
            events.RefusalReason.MISSING_FIELD,
            field=f"{field}/{reading.pointer(name)}",
            wanted=f"a member {name!r}",
            got="none",
        )
    return reading.refuse(
        events.RefusalReason.INVALID_FIELD,
        field=field,
        wanted=f"data as its contract says: {'/'.join(map(str, error.schema_path))}",
        got=error.message,
    )


def schema_fault(schema: str) -> str:
    """What is wrong with the schema of a contract, in one line, "" when data can be held against it."""
    try:
        _validator(schema)
    except jsonschema_rs.ValidationError as error:
        return error.message
    return ""


@functools.lru_cache(maxsize=1024)
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    # Offline: a schema that refers to an address is refused, and never fetched.
    return jsonschema_rs.Draft202012Validator(msgspec.json.decode(schema), offline=True)
