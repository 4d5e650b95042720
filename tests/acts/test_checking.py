"""Checks with the engines: what is found where, hostile drafts, judges that are there and that are not."""

import pathlib
from collections.abc import Iterator, Sequence

import msgspec
import pytest
from tests.engines import samples
from tests.flow import composing

from signalpost import settings
from signalpost.acts import checking, judging, opening, previewing, spelling, studio
from signalpost.vocabulary import library, manuscripts, parties, records, templates

Channel = parties.ChannelKind
ERROR = templates.FindingSeverity.ERROR
CONTRACT = """{"type": "object", "properties": {"amount": {"type": "string"}, "items": {"type": "array",
 "items": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}}},
 "required": ["amount", "items"]}"""
BODY: tuple[templates.TemplateBlock, ...] = (
    templates.HeadingBlock(text="Your bill", level=1),
    templates.ParagraphBlock(text="You pay {amount}."),
)


@pytest.fixture(scope="module", name="engines")
def _engines(configured: settings.Settings) -> Iterator[studio.Engines]:
    del configured
    made = studio.fresh(workers=1, assets=samples.ASSETS.get)
    yield made
    studio.close(made)


def facts(**more: records.Json) -> str:
    own: dict[str, records.Json] = {"amount": "12 euros", "items": [], **more}
    return records.canonical({**composing.FACTS, **own}).decode()


def edition(*body: templates.TemplateBlock, language: str = "en", **more: object) -> library.Edition:
    made = library.Edition(
        language=language,
        title="Your bill",
        subject="Your bill",
        sms="You pay {amount}.",
        push_title="Your bill",
        body=body or BODY,
    )
    return msgspec.structs.replace(made, **more)


def communication(*editions: library.Edition, sample: str = "", **more: object) -> library.Communication:
    made = library.Communication(
        name="bill",
        title="Bill",
        category="billing",
        channels=(Channel.LETTER, Channel.EMAIL, Channel.SMS, Channel.PUSH),
        speaks_of="billing.closed",
        contract=CONTRACT,
        brand="brand",
        editions=editions or (edition(),),
        samples=(library.Sample(name="usual", facts=sample or facts()),),
    )
    return msgspec.structs.replace(made, **more)


def shelf() -> library.Shelf:
    items: Sequence[library.Item] = (
        library.Brand(name="brand", title="Brand", dress=samples.BRAND),
        library.Language(name="en", title="English", labels=samples.LABELS),
        library.Language(name="de", title="Deutsch", labels=samples.LABELS_DE),
    )
    return {library.key(item): item for item in items}


def checked(given: library.Communication, engines: studio.Engines) -> checking.Checked:
    return checking.check_subject(checking.subject(given, shelf()), given=engines)


def errors(found: checking.Checked) -> list[tuple[str, str]]:
    return [(one.place, one.message) for one in found.findings if one.severity is ERROR]


class TestDocuments:
    def test_every_sample_in_every_language_on_every_channel(self, engines: studio.Engines):
        told: list[tuple[int, int]] = []
        both = communication(edition(), edition(language="de"))
        found = checking.check_subject(
            checking.subject(both, shelf()), given=engines, progress=lambda done, total: told.append((done, total))
        )
        assert errors(found) == []
        assert [(one.language, one.rendition.channel) for one in found.documents] == [
            (language, channel) for language in ("en", "de") for channel in both.channels
        ]
        assert told == [(number, 8) for number in range(1, 9)]
        assert not checking.bars(found.findings)

    @pytest.mark.parametrize(
        ("given", "place", "message"),
        [
            (communication(edition(sms="{amount} " + "x" * 700)), "editions[en].words.sms", "at most 3 segments"),
            (
                communication(edition(*BODY, templates.ParagraphBlock(text="\ue123"))),
                "editions[en].",
                "no font holds",
            ),
            (communication(edition(*BODY, templates.ParagraphBlock(text="word " * 25_000))), "editions[en].", "100000"),
            (communication(edition(templates.ParagraphBlock(text="x"))), "editions[en].body", "heading of level 1"),
            (
                communication(edition(*BODY, templates.ParagraphBlock(text="{nothing}"))),
                "editions[en].body[2]",
                "no field",
            ),
            (communication(edition(), edition(language="de", sms="")), "editions[de].sms", "translate"),
            (communication(edition(language="fr")), "editions[fr]", "wanted language 'fr'"),
            (communication(brand="none"), "brand", "wanted brand 'none'"),
        ],
    )
    def test_an_error_bars_and_has_its_place(
        self, given: library.Communication, place: str, message: str, engines: studio.Engines
    ):
        found = checked(given, engines)
        assert checking.bars(found.findings)
        assert any(
            at.startswith(place) and message in f"{text} {one.remedy}"
            for one in found.findings
            for at, text in [(one.place, one.message)]
        ), errors(found)

    def test_a_large_mail_is_told_of_before_it_is_too_large(self, engines: studio.Engines):
        long = [templates.ParagraphBlock(text=f"{number} " + "word " * 500) for number in range(32)]
        found = checked(communication(edition(*BODY, *long), channels=(Channel.EMAIL,)), engines)
        assert errors(found) == []
        assert any("clients cut it off" in one.message for one in found.findings)


class TestHostile:
    """Each gets a clear message and leaves the engines working."""

    @pytest.mark.parametrize(
        "given",
        [
            communication(edition(*BODY, templates.ParagraphBlock(text="x" * 10_000_000))),
            communication(
                edition(
                    *BODY,
                    templates.WhenBlock(
                        condition="items.all(a, items.all(b, items.all(c, a == b)))",
                        then=(templates.ParagraphBlock(text="x"),),
                    ),
                )
            ),
            communication(edition(*BODY), brand="hostile"),
            communication(edition(title="N" * 20_000, subject="N" * 20_000)),
            communication(sample='{"party":'),
            communication(sample="[]"),
            communication(contract="{"),
        ],
        ids=["10 MB", "loop", "svg", "name", "json", "list", "contract"],
    )
    def test_a_message_and_no_harm(self, given: library.Communication, engines: studio.Engines):
        bomb = '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://169.254.169.254/"/><script>1</script></svg>'
        dress = msgspec.structs.replace(samples.BRAND, logo_svg=bomb)
        items = shelf()
        hostile = library.Brand(name="hostile", title="Hostile", dress=dress)
        items[library.key(hostile)] = hostile
        found = checking.check_subject(checking.subject(given, items), given=engines)
        assert checking.bars(found.findings) or given.brand == "hostile"
        assert all(len(one.message) < 1_000 and one.remedy for one in found.findings)
        assert all(b"169.254" not in one.rendition.content for one in found.documents)
        assert errors(checked(communication(), engines)) == []


class TestJudges:
    def test_without_judges_nothing_is_said(self, engines: studio.Engines):
        documents = checked(communication(), engines).documents
        assert checking.judged(documents, letters=None, browser=None) == {}

    @pytest.mark.peer("verapdf")
    def test_vera_pdf_passes_what_is_sound_and_names_what_is_not(self, engines: studio.Engines, tmp_path: pathlib.Path):
        command = judging.letters(settings.Settings(data_folder=str(tmp_path)))
        assert command is not None
        documents = checked(communication(channels=(Channel.LETTER,)), engines).documents
        broken = msgspec.structs.replace(
            documents[0], rendition=msgspec.structs.replace(documents[0].rendition, content=b"no pdf")
        )
        verdicts = checking.judged([documents[0], broken], letters=command, browser=None)
        assert verdicts[0] == ()
        assert any("cannot be read" in failure or "no verdict" in failure for failure in verdicts[1])
        (first, *_) = checking.condemned(broken, verdicts[1])
        assert (first.place, first.severity) == ("editions[en].body", ERROR)
        assert "letter is not accessible" in first.message

    @pytest.mark.peer("chromium")
    def test_axe_passes_what_is_sound_and_names_what_is_not(self, tmp_path: pathlib.Path):
        browser = judging.pages(settings.Settings(data_folder=str(tmp_path)))
        assert browser is not None
        sound = '<html lang="en"><head><title>t</title></head><body><h1>Sound</h1></body></html>'
        good, bad = judging.judge_pages(browser, [sound, "<html><body><img src='data:,'></body></html>"])
        assert good == ()
        assert {failure.partition(":")[0] for failure in bad} >= {"html-has-lang", "image-alt"}

    def test_a_judge_that_does_not_work_is_a_broken_machine(self, tmp_path: pathlib.Path):
        program = tmp_path / "verapdf"
        program.write_text("#!/bin/sh\necho no report\n")
        program.chmod(0o755)
        command = judging.letters(settings.Settings(verapdf=str(program)))
        assert command == (str(program),)
        assert command is not None
        with pytest.raises(judging.JudgeError, match="wanted a report"):
            list(judging.judge_letters(command, [b"%PDF"]))
        jar = judging.letters(settings.Settings(verapdf="/opt/greenfield-apps-1.jar"))
        assert jar is not None
        assert jar[0] == "java"

    def test_a_browser_that_does_not_start_is_a_broken_machine(self, tmp_path: pathlib.Path):
        browser = judging.pages(settings.Settings(data_folder=str(tmp_path), browser=str(tmp_path / "none")))
        assert browser is not None
        with pytest.raises(judging.JudgeError, match="browser"):
            judging.judge_pages(browser, ["<p>x</p>"])


class TestSpelling:
    def test_a_language_without_a_dictionary_is_told_of(self, configured: settings.Settings, tmp_path: pathlib.Path):
        del configured
        (found,) = spelling.check(composing.content(), folders=(tmp_path,))
        assert "spelling is not checked" in found.message

    def test_the_dictionary_of_the_region_comes_first(self, tmp_path: pathlib.Path):
        for name in ("en_US", "en_GB", "en_ZA", "de_DE"):
            (tmp_path / f"{name}.dic").touch()
            (tmp_path / f"{name}.aff").touch()
        (tmp_path / "fr.dic").touch()

        def of(language: str, country: str) -> str:
            return pathlib.Path(spelling.dictionary_of(language, country, (tmp_path,)) or "").name

        assert of("en-US", "GB") == "en_US"
        assert of("en", "ZA") == "en_ZA"
        assert of("en", "XX") == "en_GB"
        assert of("de", "") == "de_DE"
        assert of("fr", "FR") == ""

    def test_words_are_asked_of_hunspell_and_own_words_known(
        self, configured: settings.Settings, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
    ):
        for ending in ("dic", "aff"):
            (tmp_path / f"en_GB.{ending}").touch()
        program = tmp_path / "hunspell"
        # Answers as Hunspell does: the words that it does not know, one a line.
        program.write_text("#!/bin/sh\ngrep -v -i -x -e power -e cut\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        words = configured.folder() / spelling.OWN_WORDS
        words.write_text("Blorp\n", encoding="utf-8")
        try:
            content = composing.content("- {type: paragraph, text: Power blorp qwxx Lumen}")
            found = spelling.check(content, folders=(tmp_path,))
        finally:
            words.unlink()
        assert [one.message.split("'")[1] for one in found] == ["qwxx"]

    def test_a_program_that_fails_is_told_of(
        self, configured: settings.Settings, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
    ):
        del configured
        for ending in ("dic", "aff"):
            (tmp_path / f"en_GB.{ending}").touch()
        program = tmp_path / "hunspell"
        program.write_text("#!/bin/sh\nexit 3\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        (found,) = spelling.check(composing.content("- {type: paragraph, text: Another}"), folders=(tmp_path,))
        assert "gave no answer" in found.message


class TestPreview:
    def test_what_is_seen_is_what_is_laid_out_for_the_sample(self, engines: studio.Engines):
        two = (library.Sample(name="a", facts=facts()), library.Sample(name="b", facts=facts(amount="99 euros")))
        given = communication(edition(), edition(language="de"), samples=two)
        wish = previewing.Wish(sample="b", language="de", channel="sms")
        shown = previewing.preview(given, shelf(), wish, given=engines)
        assert shown.rendition is not None
        assert shown.rendition.content == b"You pay 99 euros."
        assert (shown.sample, shown.language, shown.channel) == ("b", "de", "sms")
        assert shown.findings == ()

    @pytest.mark.parametrize("wish", [previewing.Wish(), previewing.Wish(sample="?", language="?", channel="?")])
    def test_what_is_not_there_is_the_first_there_is(self, wish: previewing.Wish, engines: studio.Engines):
        shown = previewing.preview(communication(), shelf(), wish, given=engines)
        assert (shown.sample, shown.language, shown.channel) == ("usual", "en", "letter")
        assert shown.rendition is not None
        assert shown.rendition.content.startswith(b"%PDF")

    def test_the_mail_is_byte_for_byte_the_one_that_production_makes(self, engines: studio.Engines):
        shown = previewing.preview(communication(), shelf(), previewing.Wish(channel="email"), given=engines)
        assert shown.manuscript is not None
        (made,) = engines[Channel.EMAIL].render([shown.manuscript])
        assert made == shown.rendition
        assert (
            "You pay 12 euros." in opening.mail(made.content if isinstance(made, manuscripts.Rendition) else b"").html
        )

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            (communication(sample="{}"), "no value for"),
            (communication(edition(language="fr")), "wanted language 'fr'"),
            (communication(edition(*BODY, templates.ParagraphBlock(text="\ue123"))), "cannot be laid out as letter"),
        ],
    )
    def test_what_cannot_be_shown_says_why(self, given: library.Communication, message: str, engines: studio.Engines):
        shown = previewing.preview(given, shelf(), previewing.Wish(), given=engines)
        assert shown.rendition is None
        assert any(message in one.message and one.remedy for one in shown.findings), shown.findings

    @pytest.mark.parametrize(
        "item",
        [
            library.Brand(name="other", title="Other {brand}", dress=samples.BRAND),
            library.SharedText(
                name="note",
                title="Note",
                variants=(library.TextVariant(language="en", body=(templates.ParagraphBlock(text="Shared words."),)),),
            ),
            library.Image(
                name="picture",
                title="Picture",
                media_type="image/png",
                digest=records.digest(samples.PNG),
                alternatives=(("en", "A picture"),),
            ),
        ],
    )
    def test_what_nothing_uses_is_seen_on_a_page_of_its_own(self, item: library.Item, engines: studio.Engines):
        laid_over = {**shelf(), library.key(item): item}
        given = previewing.shown_in(item, shelf())
        shown = previewing.preview(given, laid_over, previewing.Wish(language="en"), given=engines)
        assert shown.findings == ()
        assert shown.rendition is not None

    def test_what_is_used_is_seen_where_it_is_used(self, engines: studio.Engines):
        text = library.SharedText(
            name="note",
            title="Note",
            variants=(library.TextVariant(language="en", body=(templates.ParagraphBlock(text="Shared words."),)),),
        )
        user = communication(edition(*BODY, templates.SharedTextBlock(name="note")))
        items = {**shelf(), library.key(user): user}
        assert previewing.shown_in(text, items) == user
        assert previewing.shown_in(user, items) == user
        shown = previewing.preview(user, {**items, library.key(text): text}, previewing.Wish(), given=engines)
        assert shown.findings == ()
