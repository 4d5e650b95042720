"""The SMS and push engines."""

import msgspec
import pytest
from tests.engines import conformance, samples

from signalpost import engines
from signalpost.engines import text
from signalpost.vocabulary import manuscripts, parties, records
from signalpost.vocabulary.manuscripts import UnrenderableReason as Reason


def _worded(**words: str | int) -> manuscripts.Manuscript:
    return msgspec.structs.replace(
        samples.outage(), words=msgspec.convert({"subject": "Power cut"} | words, manuscripts.Words)
    )


class TestSms(conformance.Conformance):
    @classmethod
    def make(cls) -> engines.Engine:
        return text.Sms()

    def text(self, rendition: manuscripts.Rendition) -> str:
        assert rendition.media_type == "text/plain"
        return rendition.content.decode()


class TestPush(conformance.Conformance):
    @classmethod
    def make(cls) -> engines.Engine:
        return text.Push()

    def text(self, rendition: manuscripts.Rendition) -> str:
        assert rendition.media_type == "application/json"
        said = records.decode(rendition.content, text.Notification)
        return f"{said.title}\n{said.body}"

    @pytest.mark.parametrize("text", samples.LITERAL)
    def test_markup_in_a_text_comes_out_as_the_characters_it_is(self, engine: engines.Engine, text: str):
        # Some are longer than a title may be.
        (rendered,) = engine.render([_worded(push_title=text[:65], push_body=text)])
        assert isinstance(rendered, manuscripts.Rendition), rendered
        assert self.text(rendered) == f"{text[:65]}\n{text}"


@pytest.mark.parametrize(
    ("sms", "units"),
    [
        ("Power is off since 14:05.", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 459, 3),
        ("Störung ✓ " + "я" * 60, 1),
        ("я" * 201, 3),
    ],
)
def test_an_sms_is_its_words_in_so_many_segments(sms: str, units: int):
    (rendered,) = text.Sms().render([_worded(sms=sms)])
    assert rendered == manuscripts.Rendition(
        ref="outage", channel=parties.ChannelKind.SMS, media_type="text/plain", content=sms.encode(), units=units
    )


@pytest.mark.parametrize(
    ("words", "reason", "detail"),
    [
        ({"sms": ""}, Reason.NO_CONTENT, "words.sms: wanted text"),
        ({"sms": " \n"}, Reason.NO_CONTENT, "words.sms: wanted text"),
        (
            {"sms": "a" * 460},
            Reason.TOO_LONG,
            "words.sms: wanted at most 3 segments, got 4 (460 units of gsm7)",
        ),
        (
            {"sms": "я" * 71, "sms_segments": 1},
            Reason.TOO_LONG,
            "words.sms: wanted at most 1 segments, got 2 (71 units of ucs2)",
        ),
        (
            {"sms": "a" * 153 * 256, "sms_segments": 1000},
            Reason.TOO_LONG,
            "words.sms: wanted at most 255 segments, got 256 (39168 units of gsm7)",
        ),
        (
            {"sms": "off \ud83d"},
            Reason.MISSING_GLYPH,
            "words.sms: wanted characters, got half a surrogate pair U+D83D",
        ),
    ],
)
def test_an_sms_that_cannot_be_is_refused_with_the_numbers(words: dict[str, str | int], reason: Reason, detail: str):
    (rendered,) = text.Sms().render([_worded(**words)])
    assert rendered == manuscripts.Unrenderable(
        ref="outage", channel=parties.ChannelKind.SMS, reason=reason, detail=detail
    )


def test_a_push_is_a_title_and_a_body():
    (rendered,) = text.Push().render([_worded(push_title="t" * 65, push_body='"b" ' * 60)])
    assert isinstance(rendered, manuscripts.Rendition)
    assert msgspec.json.decode(rendered.content) == {"title": "t" * 65, "body": '"b" ' * 60}
    assert (rendered.channel, rendered.units) == (parties.ChannelKind.PUSH, 1)


def test_a_push_may_be_a_title_alone():
    (rendered,) = text.Push().render([_worded(push_title="Power is back")])
    assert isinstance(rendered, manuscripts.Rendition)
    assert msgspec.json.decode(rendered.content) == {"title": "Power is back", "body": ""}


@pytest.mark.parametrize(
    ("words", "reason", "detail"),
    [
        ({}, Reason.NO_CONTENT, "words.push_title: wanted text"),
        ({"push_body": "body"}, Reason.NO_CONTENT, "words.push_title: wanted text"),
        (
            {"push_title": "t" * 66},
            Reason.TOO_LONG,
            "words.push_title: wanted at most 65 characters, got 66",
        ),
        (
            {"push_title": "t", "push_body": "b" * 241},
            Reason.TOO_LONG,
            "words.push_body: wanted at most 240 characters, got 241",
        ),
        (
            {"push_title": "t", "push_body": "\udc00"},
            Reason.MISSING_GLYPH,
            "words.push_body: wanted characters, got half a surrogate pair U+DC00",
        ),
    ],
)
def test_a_push_that_cannot_be_is_refused_with_the_numbers(words: dict[str, str | int], reason: Reason, detail: str):
    (rendered,) = text.Push().render([_worded(**words)])
    assert rendered == manuscripts.Unrenderable(
        ref="outage", channel=parties.ChannelKind.PUSH, reason=reason, detail=detail
    )
