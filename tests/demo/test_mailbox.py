"""The mailbox page: what it shows, and that nothing received can act on it."""

import datetime as dt
import email.message

from signalpost.demo import pages

AT = dt.datetime(2026, 1, 30, 13, 30, tzinfo=dt.UTC)


def entry(**changes: str) -> pages.Entry:
    given = {"channel": "email", "person": "Ada <Meyer>", "address": "ada@mail.example", "title": "Power & light"}
    return pages.Entry(at=AT, **(given | changes))  # type: ignore[arg-type]


def test_what_was_received_is_shown_literally() -> None:
    text = pages.overview([entry()], total=1, counts={"email": 1, "sms": 0, "letter": 0}, wanted='"><b>', channel="")
    assert "Ada &lt;Meyer&gt;" in text
    assert "Power &amp; light" in text
    assert 'value="&quot;&gt;&lt;b&gt;"' in text
    assert "<script" not in text


def test_it_loads_itself_again_unless_somebody_searches() -> None:
    counts = dict.fromkeys(pages.CHANNELS, 0)
    assert "http-equiv=refresh" in pages.overview([], total=0, counts=counts, wanted="", channel="")
    assert "http-equiv=refresh" not in pages.overview([], total=0, counts=counts, wanted="ada", channel="")


def test_an_sms_is_shown_whole_with_its_segments() -> None:
    text = pages.overview(
        [entry(channel="sms", title="Back at 15:42.", note="2 segments, gsm7")],
        total=1,
        counts={"email": 0, "sms": 1, "letter": 0},
        wanted="",
        channel="sms",
    )
    assert "Back at 15:42." in text
    assert "2 segments, gsm7" in text


def test_mail_stands_in_a_frame_that_allows_nothing() -> None:
    text = pages.mail(entry(link="/mail/1"), [("X-Odd", "<b>")], text="a < b", has_html=True)
    assert '<iframe sandbox title="The message as it looks" src="/mail/1/html">' in text
    assert "a &lt; b" in text
    assert "&lt;b&gt;" in text


def test_pictures_that_came_along_stand_in_their_places() -> None:
    message = email.message.EmailMessage()
    message.set_content("text")
    message.add_alternative('<img src="cid:one">', subtype="html")
    message.get_payload()[1].add_related(b"PNG", "image", "png", cid="<one>")  # type: ignore[union-attr,index]
    assert 'src="data:image/png;base64,UE5H"' in pages.with_pictures(message)
