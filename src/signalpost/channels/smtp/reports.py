"""Reports that mail systems write about a message of ours: delivery status, complaint, unsubscribe.

Each reader knows one way of writing and gives the news in it, or None when the mail is not of its kind. Standards
first (RFC 3464, RFC 5965), then what servers write without regard to them. In doubt an address stays.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import msgspec

from signalpost.channels.smtp import codes, inbound
from signalpost.vocabulary import deliveries

#: Recipients read in one report.
RECIPIENT_LIMIT = 50

_KIND_BY_ACTION = {
    "delayed": deliveries.OutcomeKind.DEFERRED,
    "delivered": deliveries.OutcomeKind.DELIVERED,
    # Handed on to a system that will not report (RFC 3464, 2.3.3): nothing more will be known.
    "relayed": deliveries.OutcomeKind.ACCEPTED,
    "expanded": deliveries.OutcomeKind.ACCEPTED,
}
_KIND_BY_CLASS = {"2": deliveries.OutcomeKind.DELIVERED, "4": deliveries.OutcomeKind.DEFERRED}

#: RFC 5965, 7.3 and its drafts. Authentication failures (RFC 6591) and "not-spam" (RFC 6430) are no complaints.
_KIND_BY_FEEDBACK = {
    "abuse": deliveries.OutcomeKind.COMPLAINED,
    "fraud": deliveries.OutcomeKind.COMPLAINED,
    "virus": deliveries.OutcomeKind.COMPLAINED,
    "other": deliveries.OutcomeKind.COMPLAINED,
    "opt-out": deliveries.OutcomeKind.UNSUBSCRIBED,
    "opt-out-list": deliveries.OutcomeKind.UNSUBSCRIBED,
}

#: "smtp; 550 …", "X-Postfix; unknown user": the type before the semicolon (RFC 3464, 2.3.6).
_DIAGNOSTIC_TYPE = re.compile(r"^[\w-]+ *; *")

_EXIM_START = re.compile(
    r"address\(es\) failed:|not yet been delivered (?:is|are):|incorrectly\s+constructed:", re.IGNORECASE
)
_EXIM_END = re.compile(r"^-{5,}|^No action is required", re.MULTILINE)
_EXIM_DELAY = re.compile(r"has not yet been delivered", re.IGNORECASE)
_EXIM_ORIGIN = re.compile(r"^[ \t]*(\(?(ultimately )?generated (by|from) .*)$", re.MULTILINE)
#: Where the error was met; the server's own words come after it.
_EXIM_PREFIX = re.compile(
    r"^.{0,200}SMTP error from remote mail server after [^\n]{1,300}?:(?= (host|[245]\d\d))(?: host [^:]{1,200}:)? "
)
#: A recipient and its reason, as Postfix writes both to people: `<address>: host … said: 550 …`.
_POSTFIX_REASON = re.compile(r"^ ?<[^<>\n]*>(?: \(expanded from[^)]{0,300}\))?: (.+(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_SAYS_UNDELIVERED = re.compile(
    r"could not\s+be delivered|undeliver|not delivered|delivery (has )?failed", re.IGNORECASE
)
_SAYS_FAILED = re.compile(r"bounce|reject|undeliver|not (be )?delivered|fail|returned", re.IGNORECASE)
_SAYS_WHY = (
    re.compile(r"^.*\b(reason|error|said)\b.*$", re.IGNORECASE | re.MULTILINE),
    re.compile(r"^.*\bbecause\b.*$", re.IGNORECASE | re.MULTILINE),
)
_HOTMAIL_COMPLAINT = re.compile(r"^\s*complaint about message from", re.IGNORECASE)


class News(NamedTuple):
    """What a mail says about one recipient of a message of ours."""

    kind: deliveries.OutcomeKind
    code: str = ""
    detail: str = ""
    text: str = ""
    sender: str = ""
    #: The relay's name for the message, where the report gives it.
    provider_ref: str = ""


Reader: TypeAlias = Callable[[inbound.Mail], Sequence[News] | None]


def read(mail: inbound.Mail) -> Sequence[News] | None:
    """Give the news of a report, or None when the mail is none that is written for machines to read."""
    for reader in _READERS:
        if (news := reader(mail)) is not None:
            return news
    return None


def read_unstructured(mail: inbound.Mail) -> Sequence[News] | None:
    """Read a failure notice in nobody's format. Only for mail that came to a signed address of ours."""
    # An absence note has the null return path too, and answers something (RFC 3834, 3.1.4).
    if mail.header("in-reply-to") and not mail.is_named_system:
        return None
    if not mail.is_from_system or not _SAYS_FAILED.search(f"{mail.header('subject')}\n{mail.text}"):
        return None
    found = (pattern.search(mail.text) for pattern in _SAYS_WHY)
    reason = next((line[0] for line in found if line), mail.header("subject"))
    return [_failure(codes.find(reason), reason)]


def _feedback(mail: inbound.Mail) -> Sequence[News] | None:
    part = mail.part("message/feedback-report")
    if part is None:
        is_hotmail = _HOTMAIL_COMPLAINT.match(mail.header("subject")) and mail.part("message/rfc822")
        return [News(deliveries.OutcomeKind.COMPLAINED, detail="complaint")] if is_hotmail else None
    report: inbound.Fields = {}
    for group in inbound.groups(part):
        report = group | report
    word = report.get("feedback-type", "").lower()
    kind = _KIND_BY_FEEDBACK.get(word)
    return [] if kind is None else [News(kind, code=word, detail=codes.clean(f"feedback report: {word}"))]


def _unsubscribe(mail: inbound.Mail) -> Sequence[News] | None:
    """Read what Apple Mail sends for its unsubscribe button, besides mail to our own unsubscribe addresses."""
    if mail.header("x-apple-unsubscribe").lower() != "true":
        return None
    return [News(deliveries.OutcomeKind.UNSUBSCRIBED, detail="unsubscribed by mail")]


def _delivery_status(mail: inbound.Mail) -> Sequence[News] | None:
    part = mail.part("message/delivery-status", "message/global-delivery-status")
    if part is not None:
        groups = inbound.groups(part)
    elif mail.is_from_system and "final-recipient:" in mail.raw.lower():
        # A report inside the text of a report, as filters forward it.
        groups = inbound.fields(mail.raw)
    else:
        return None
    recipients = [group for group in groups if "final-recipient" in group or "action" in group][:RECIPIENT_LIMIT]
    if not recipients:
        return [News(deliveries.OutcomeKind.REJECTED, detail="returned without a reason")]
    spare = [reason for _, reason in _exim_reasons(mail.text)]
    return [_of_recipient(group, spare[0] if len(spare) == len(recipients) == 1 else "") for group in recipients]


def _of_recipient(group: inbound.Fields, spare: str) -> News:
    """Read one recipient's fields; `spare` is what the notice says in words where the diagnostic is missing."""
    diagnostic = _DIAGNOSTIC_TYPE.sub("", group.get("diagnostic-code", "")) or spare
    stated, found = codes.find(group.get("status", "")), codes.find(diagnostic)
    says_nothing = not stated.enhanced or stated.enhanced.endswith(".0.0")
    status = codes.Status(found.reply, (found.enhanced if says_nothing else "") or stated.enhanced)
    action = group.get("action", "").lower()
    name = group.get("final-recipient", "").rpartition(";")[2].strip().rpartition("@")[0].strip('"')
    if action == "failed" or (action not in _KIND_BY_ACTION and stated.enhanced[:1] not in _KIND_BY_CLASS):
        return _failure(status, diagnostic, hide=name)
    kind = _KIND_BY_ACTION[action] if action in _KIND_BY_ACTION else _KIND_BY_CLASS[stated.enhanced[:1]]
    return News(kind, code=status.code, detail=codes.clean(diagnostic or action, hide=name))


def _exim(mail: inbound.Mail) -> Sequence[News] | None:
    """Read Exim's own notices: recipients two blanks in, their reasons four."""
    text = mail.text
    reasons = _exim_reasons(text)
    if not reasons or not (mail.is_from_system or mail.header("x-failed-recipients")):
        return None
    if _EXIM_DELAY.search(text):
        return [
            News(deliveries.OutcomeKind.DEFERRED, code=codes.find(reason).code, detail=codes.clean(reason))
            for _, reason in reasons
        ]
    return [_failure(codes.find(reason), reason, hide=address.partition("@")[0]) for address, reason in reasons]


def _exim_reasons(text: str) -> list[tuple[str, str]]:
    start = _EXIM_START.search(text)
    if start is None:
        return []
    body = _EXIM_END.split(text[start.end() :], maxsplit=1)[0]
    found: list[tuple[str, str]] = []
    for block in re.split(r"\n(?=  \S)", body):
        address, _, reason = block.strip("\n").partition("\n")
        if block.startswith("  ") and len(found) < RECIPIENT_LIMIT:
            address, _, rest = address.strip().partition(": ")
            paragraph = re.split(r"\n[ \t]*\n", f"{rest}\n{reason}", maxsplit=1)[0]
            found.append((address, _EXIM_PREFIX.sub("", " ".join(_EXIM_ORIGIN.sub("", paragraph).split()))))
    return found


def _postfix_text(mail: inbound.Mail) -> Sequence[News] | None:
    """Read the words of a notice without a report part, as old Postfix and those who imitate it write."""
    text = mail.text
    if not mail.is_from_system or not _SAYS_UNDELIVERED.search(text):
        return None
    reasons = [" ".join(found[1].split()) for found in _POSTFIX_REASON.finditer(text)][:RECIPIENT_LIMIT]
    return [_failure(codes.find(reason), reason) for reason in reasons] or None


def _failure(status: codes.Status, reason: str, *, hide: str = "") -> News:
    return News(
        codes.of_report(status, reason),
        code=status.code,
        detail=codes.clean(reason, hide=hide) or "returned without a reason",
    )


class _SesRecipient(msgspec.Struct):
    status: str = ""
    diagnosticCode: str = ""  # noqa: N815 (the provider's name)


class _SesBounce(msgspec.Struct):
    bouncedRecipients: list[_SesRecipient]  # noqa: N815 (the provider's name)
    bounceType: str = ""  # noqa: N815 (the provider's name)


class _SesMail(msgspec.Struct):
    messageId: str  # noqa: N815 (the provider's name)


class _SesNotice(msgspec.Struct):
    """Amazon SES's notice of one message; by mail it may stand alone or inside an SNS envelope."""

    notificationType: str  # noqa: N815 (the provider's name)
    mail: _SesMail
    bounce: _SesBounce | None = None


class _SnsEnvelope(msgspec.Struct):
    Message: str


def _amazon(mail: inbound.Mail) -> Sequence[News] | None:
    """Read Amazon SES notices that SNS sends by mail as JSON (amazon "SES notification contents")."""
    # Sendmail breaks lines beyond 990 octets with "!" and a new line.
    text = mail.text.partition("\n--\n")[0].replace("!\n ", "").strip()
    if not text.startswith("{"):
        return None
    try:
        if '"Message"' in text:
            text = msgspec.json.decode(text, type=_SnsEnvelope).Message
        notice = msgspec.json.decode(text, type=_SesNotice)
    except (msgspec.DecodeError, RecursionError):
        return None
    return [item._replace(provider_ref=notice.mail.messageId) for item in _of_notice(notice)]


def _of_notice(notice: _SesNotice) -> Sequence[News]:
    match notice.notificationType:
        case "Delivery":
            return [News(deliveries.OutcomeKind.DELIVERED)]
        case "Complaint":
            return [News(deliveries.OutcomeKind.COMPLAINED, detail="complaint")]
        case "Bounce" if notice.bounce is not None:
            is_passing = notice.bounce.bounceType == "Transient"
            return [_of_ses(recipient, is_passing=is_passing) for recipient in notice.bounce.bouncedRecipients]
        case _:
            return []


def _of_ses(recipient: _SesRecipient, *, is_passing: bool) -> News:
    group = {"action": "failed", "status": recipient.status, "diagnostic-code": recipient.diagnosticCode}
    news = _of_recipient(group, "")
    # "Transient": SES has given up, but the address lives (amazon "Bounce types").
    return news._replace(kind=deliveries.OutcomeKind.EXPIRED) if is_passing else news


_READERS: tuple[Reader, ...] = (_unsubscribe, _feedback, _delivery_status, _exim, _postfix_text, _amazon)
