"""Mail that comes back of kinds that the collected samples have none of: a row for each file."""

import email.parser
import pathlib

import pytest
from tests.channels import test_returns

from signalpost.flow import replies
from signalpost.vocabulary import deliveries

Kind = deliveries.OutcomeKind

FOLDER = test_returns.OWN_SAMPLES / "own"

#: File → for each receipt what it is, about which delivery, with which code or words.
FILES: dict[str, list[tuple[Kind, str, str]]] = {
    "dsn-delivered": [(Kind.DELIVERED, "d1", "250 2.0.0")],
    "dsn-delayed": [(Kind.DEFERRED, "d1", "4.4.1")],
    "dsn-two-recipients-of-an-alias": [(Kind.DELIVERED, "d1", "2.0.0"), (Kind.REJECTED, "d1", "552 5.2.2")],
    # Signed with nobody's key: not even the genuine name in the returned headers makes them speak.
    "dsn-forged": [],
    "dsn-forged-without-mac": [],
    "complaint-yahoo-style": [(Kind.COMPLAINED, "d1", "abuse")],
    "auto-reply-rfc3834": [(Kind.AUTO_REPLIED, "d1", "")],
    "auto-reply-exchange-de": [(Kind.AUTO_REPLIED, "d1", "")],
    "auto-reply-absence-de": [(Kind.AUTO_REPLIED, "d1", "")],
    "unsubscribe-list-header": [(Kind.UNSUBSCRIBED, "d1", "")],
    "unsubscribe-forged": [],
    "reply-off-gmail-en": [(Kind.REPLIED, "d1", "OFF")],
    "reply-off-gmail-wrapped-de": [(Kind.REPLIED, "d1", "Immer noch aus!")],
    "reply-off-outlook-de": [
        (Kind.REPLIED, "d1", "Hallo,\n\nwir haben keinen Strom.\n\nMit freundlichen Grüßen\nAnn Smith")
    ],
    "reply-off-outlook-html-en": [(Kind.REPLIED, "d1", "Still off")],
    "reply-off-iphone-de": [(Kind.REPLIED, "d1", "Kein Strom")],
    "reply-stop-gmail-en": [(Kind.UNSUBSCRIBED, "d1", "")],
    "reply-stop-de": [(Kind.UNSUBSCRIBED, "d1", "")],
    # The address that was written to is left in peace, whichever one the person writes from.
    "reply-stop-from-an-alias": [(Kind.UNSUBSCRIBED, "d1", "")],
    "reply-question-with-stop-in-the-quote": [(Kind.REPLIED, "d1", "When will you read the meter?")],
    "reply-question-with-the-word-inside": [(Kind.REPLIED, "d1", "Could the fitter please stop by tomorrow?")],
}


def raw(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_read_as_a_person_reads_it(name: str):
    receipts = test_returns.understand(raw(name))
    assert [(receipt.kind, receipt.delivery, receipt.text or receipt.code) for receipt in receipts] == FILES[name]
    for receipt in receipts:
        assert "@" not in receipt.detail
        assert "smith" not in receipt.detail.lower()


def test_every_file_has_its_row():
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(FILES)


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("reply-off")])
def test_what_people_write_of_the_power_means_it(name: str):
    (receipt,) = test_returns.understand(raw(name))
    assert replies.meant(receipt.text) is replies.Meaning.OFF


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("reply-question")])
def test_what_is_for_a_person_to_read_is_left_to_a_person(name: str):
    (receipt,) = test_returns.understand(raw(name))
    assert replies.meant(receipt.text) is replies.Meaning.OTHER


@pytest.mark.parametrize("name", FILES)
def test_the_same_mail_twice_is_told_as_the_same(name: str):
    once, again = test_returns.understand(raw(name)), test_returns.understand(raw(name))
    assert [receipt.dedupe for receipt in once] == [receipt.dedupe for receipt in again]
    assert len({receipt.dedupe for receipt in once}) == len(once)


@pytest.mark.parametrize("name", [name for name in FILES if FILES[name]])
def test_without_its_signature_no_file_speaks_of_a_delivery(name: str):
    signature = test_returns.TOKEN.partition(".")[2].encode()
    for forged in (b"a" * len(signature), b"", signature[:-1] + b"2"):
        receipts = test_returns.understand(raw(name).replace(signature, forged))
        assert {receipt.delivery for receipt in receipts} <= {""}


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("=?utf-8?q?Abwesenheit=3A?= =?utf-8?q?_St=C3=B6rung?=", "Abwesenheit: Störung"),
        ("=?no-such-charset?q?x?=", "=?no-such-charset?q?x?="),
        ("=?utf-8?b?!!!?=", "=?utf-8?b?!!!?="),
        ("plain", "plain"),
    ],
)
def test_headers_are_read_as_people_read_them(subject: str, words: str):
    message = email.parser.Parser().parsestr(f"Subject: {subject}\n\n")
    mail = test_returns.inbound.Mail(raw="", message=message, parts=())
    assert mail.words("subject") == words


def test_the_folder_says_where_its_files_come_from():
    assert pathlib.Path(test_returns.OWN_SAMPLES / "README.md").read_text().count("own/") >= 1
