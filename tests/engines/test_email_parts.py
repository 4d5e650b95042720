"""E-mail: blocks that hold others, rows in groups, files that go with it."""

from collections.abc import Sequence
from email import message_from_bytes, policy

import msgspec
import pytest
from tests.engines import mail, samples

from signalpost.engines import email
from signalpost.vocabulary import manuscripts, parties, records

TERMS = samples.parts().blocks[-2]


def _rendered(manuscript: manuscripts.Manuscript) -> manuscripts.Rendered:
    (rendered,) = email.Email(samples.ASSETS.get).render([manuscript])
    return rendered


def _refusal(*blocks: manuscripts.Block) -> str:
    rendered = _rendered(samples.manuscript("refused", [samples.heading("Top", 1), *blocks]))
    assert isinstance(rendered, manuscripts.Unrenderable), rendered
    return rendered.detail


def _in_order(text: str, wanted: Sequence[str]) -> bool:
    places = [text.index(one) for one in wanted]
    return places == sorted(places)


SAID = (
    *("Your statement", "How to pay", "Transfer the amount", "Questions", "Ask us", "Charges by meter"),
    *("Meter 0012345", "£ 15.50", "Meter 0098765", "£ 21.30", "£ 36.80", "Compared with last year", "You used less."),
    *("In the e-mail alone.", "General terms", "Yours sincerely"),
)


def test_both_parts_say_the_same_in_the_same_order() -> None:
    found = mail.Mail(_rendered(samples.parts()))
    assert _in_order(found.plain, SAID)
    assert _in_order(found.page.text, SAID)
    for said in (found.plain, found.page.text):
        assert "letter alone" not in said
        assert "Write to us." not in said


def test_a_column_holds_a_button_and_a_code_of_its_own() -> None:
    found = mail.Mail(_rendered(samples.parts()))
    assert next(link.attributes["href"] for link in found.page.of("a")) == "https://northlight.example/ask"
    assert {image.attributes.get("alt") for image in found.page.of("img")} >= {"northlight.example"}


def test_groups_are_headed_for_those_who_hear_the_table() -> None:
    page = mail.Mail(_rendered(samples.parts())).page
    heads = [head.attributes for head in page.of("th") if head.attributes.get("scope") == "rowgroup"]
    assert [head["colspan"] for head in heads] == ["3", "3"]


def test_the_plain_part_sets_groups_apart() -> None:
    plain = mail.Mail(_rendered(samples.parts())).plain
    lines = plain.splitlines()
    heading = lines.index("Meter 0098765")
    assert lines[heading - 1] == ""
    assert lines[heading - 2].split() == ["Subtotal", "5", "days", "£", "15.50"]
    assert lines[heading + 1].startswith("6 January")


def test_a_total_that_is_carried_needs_pages() -> None:
    found = mail.Mail(_rendered(samples.statement(rows=40)))
    assert "forward" not in found.plain
    assert "forward" not in found.page.text


def test_a_file_is_a_part_of_its_own_beside_the_message() -> None:
    rendered = _rendered(samples.parts())
    assert isinstance(rendered, manuscripts.Rendition)
    assert rendered.media_type == "multipart/mixed"
    whole = message_from_bytes(rendered.content, policy=policy.default)
    message, file = list(whole.iter_parts())
    assert message.get_content_type() == "multipart/alternative"
    assert file.get_content_disposition() == "attachment"
    assert file.get_filename() == "terms 2026 für Sie.txt"
    assert file.get_content_type() == "text/plain"
    assert file.get_payload(decode=True) == samples.TERMS
    assert max(len(line) for line in rendered.content.split(b"\r\n")) <= 78
    assert _rendered(samples.parts()) == rendered


@pytest.mark.parametrize("name", ["terms.pdf", "a" * 120, "ü" * 120, 'q"uo;te.txt', "-x.txt", "名前.pdf"])
def test_any_file_name_arrives_as_it_is(name: str) -> None:
    block = msgspec.structs.replace(TERMS, name=name)
    rendered = _rendered(samples.manuscript("named", [samples.heading("Top", 1), block, block]))
    assert isinstance(rendered, manuscripts.Rendition), rendered
    (file,) = message_from_bytes(rendered.content, policy=policy.default).iter_attachments()
    assert file.get_filename() == name
    assert max(len(line) for line in rendered.content.split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "a/b"}, "/blocks/1/name: wanted a plain file name of at most 120 characters, got 'a/b'"),
        ({"name": "x" * 121}, f"/blocks/1/name: wanted a plain file name of at most 120 characters, got {'x' * 40!r}"),
        ({"media_type": "text/plain\r\nX: y"}, "/blocks/1/media_type: wanted a media type, got 'text/plain\\r\\nX: y'"),
        ({"title": ""}, "/blocks/1/title: wanted text, got none"),
        ({"digest": "0" * 64}, f"/blocks/1: wanted the asset {'0' * 64!r}, got none"),
    ],
)
def test_a_file_that_cannot_go_is_refused(changes: dict[str, str], said: str) -> None:
    assert _refusal(msgspec.structs.replace(TERMS, **changes)) == said


def test_two_files_of_one_name_are_refused() -> None:
    other = msgspec.structs.replace(TERMS, digest=records.digest(samples.PNG))
    keep = manuscripts.Keep(blocks=(other,))
    assert _refusal(TERMS, keep) == (
        "/blocks/2/blocks/0/name: wanted files of different names, got 'terms 2026 für Sie.txt' twice"
    )


def test_files_that_are_too_large_together_are_refused() -> None:
    large = {records.digest(content): content for content in (b"a" * 3_000_000, b"b" * 3_000_000)}
    blocks = [msgspec.structs.replace(TERMS, digest=digest, name=digest[:5]) for digest in large]
    whole = samples.manuscript("large", [samples.heading("Top", 1), *blocks], brand=samples.BRAND)
    (refused,) = email.Email({**samples.ASSETS, **large}.get).render([whole])
    assert isinstance(refused, manuscripts.Unrenderable)
    assert refused.reason is manuscripts.UnrenderableReason.TOO_LONG
    assert refused.detail.startswith("/blocks: wanted at most 5000000 bytes of files, got 6")


_A = samples.paragraph("a")


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (manuscripts.Columns(columns=()), "/blocks/1/columns: wanted at least one, with widths above 0"),
        (
            manuscripts.Columns(columns=(manuscripts.ColumnsPart(width=0, blocks=(_A,)),)),
            "/blocks/1/columns: wanted at least one, with widths above 0",
        ),
        (
            manuscripts.Columns(
                columns=(
                    manuscripts.ColumnsPart(
                        blocks=(manuscripts.Columns(columns=(manuscripts.ColumnsPart(blocks=(_A,)),)),)
                    ),
                )
            ),
            "/blocks/1/columns: wanted no columns inside columns",
        ),
        (
            manuscripts.Columns(
                columns=(
                    manuscripts.ColumnsPart(blocks=(_A,)),
                    manuscripts.ColumnsPart(blocks=(manuscripts.Heading(level=9, runs=_A.runs),)),
                )
            ),
            "/blocks/1/columns/1/blocks/0/level: wanted 1 to 4, got 9",
        ),
        (
            msgspec.structs.replace(samples.long_table().blocks[2], groups=(manuscripts.RowGroup(heading="", rows=1),)),
            "/blocks/1/groups: wanted 130 rows in all, got 1",
        ),
        (
            manuscripts.Table(
                caption="c",
                columns=(manuscripts.Column(heading="h"),),
                rows=(("a",),),
                groups=(manuscripts.RowGroup(heading="", rows=1, subtotals=(("a", "b"),)),),
            ),
            "/blocks/1/groups/0/subtotals/0: wanted 1 cells, got 2",
        ),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_place(block: manuscripts.Block, said: str) -> None:
    assert _refusal(block) == said


def test_what_stands_on_other_channels_alone_is_nothing() -> None:
    letter = manuscripts.Only(channels=(parties.ChannelKind.LETTER,), blocks=(_A,))
    rendered = _rendered(samples.manuscript("nothing", [letter, manuscripts.Keep(blocks=(letter,))]))
    assert isinstance(rendered, manuscripts.Unrenderable)
    assert rendered.reason is manuscripts.UnrenderableReason.NO_CONTENT
