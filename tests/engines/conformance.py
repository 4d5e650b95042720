"""What every engine owes its caller. An engine's test inherits `Conformance` and says how to make and read it."""

import abc
import unicodedata
from collections.abc import Iterator, Sequence

import hypothesis
import pytest
from hypothesis import strategies
from tests.engines import samples

from signalpost import engines
from signalpost.vocabulary import manuscripts

_SETTINGS = hypothesis.settings(
    max_examples=40, deadline=None, suppress_health_check=[hypothesis.HealthCheck.differing_executors]
)

#: Any text of the scripts that every engine must carry, markup characters over-represented.
_TEXTS = strategies.text(
    strategies.one_of(
        strategies.sampled_from("#$\\{}[]<>&*_`~@=-+/'\"|%;:!?.,()^"),
        strategies.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=("Cc", "Cf", "Zl", "Zp")),
        strategies.sampled_from("ΑΒΓαβγώέАБВГЖЩЪЮЯабвгжщъюяёЁіїєґ"),
    ),
    min_size=1,
    max_size=40,
)


def essence(text: str) -> str:
    """The text without what layout may change: white space, invisible format characters, form of composition."""
    kept = (character for character in text if unicodedata.category(character) not in {"Cf", "Zs", "Zl", "Zp", "Cc"})
    return unicodedata.normalize("NFC", "".join(kept))


class Conformance(abc.ABC):
    """The suite."""

    @classmethod
    @abc.abstractmethod
    def make(cls) -> engines.Engine:
        """A new engine with its usual options and `samples.ASSETS`."""

    @classmethod
    def variants(cls) -> Sequence[engines.Engine]:
        """New engines with other options, each of which may give other bytes."""
        return ()

    @abc.abstractmethod
    def text(self, rendition: manuscripts.Rendition) -> str:
        """What a recipient can read, in reading order; `essence` decides about sameness."""

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls) -> Iterator[engines.Engine]:
        engine = cls.make()
        yield engine
        engine.close()

    def test_nothing_in_is_nothing_out(self, engine: engines.Engine):
        assert list(engine.render([])) == []

    def test_a_batch_comes_out_in_the_same_order_and_number(self, engine: engines.Engine):
        batch = [samples.outage("a"), samples.malformed()[0], samples.bill("b"), samples.outage("a"), samples.bill("c")]
        out = engine.render(batch)
        assert [one.ref for one in out] == [one.ref for one in batch]
        assert {one.channel for one in out} == {engine.channel}

    def test_sound_manuscripts_come_out(self, engine: engines.Engine):
        for rendered in engine.render([samples.outage(), samples.bill(), samples.american()]):
            assert isinstance(rendered, manuscripts.Rendition), rendered
            assert rendered.content
            assert rendered.units >= 1
            assert "/" in rendered.media_type

    def test_the_same_manuscript_gives_the_same_bytes(self, engine: engines.Engine):
        first, other, again = engine.render([samples.bill(), samples.outage(), samples.bill()])
        assert first == again
        assert first != other
        fresh = self.make()
        try:
            assert engine.render([samples.bill()])[0] == fresh.render([samples.bill()])[0]
            assert engine.version == fresh.version
        finally:
            fresh.close()

    def test_another_option_is_another_version(self, engine: engines.Engine):
        variants = self.variants()
        try:
            versions = [engine.version, *(variant.version for variant in variants)]
            assert len(set(versions)) == len(versions)
        finally:
            for variant in variants:
                variant.close()

    def test_a_malformed_manuscript_is_a_value_and_spoils_nothing_beside_it(self, engine: engines.Engine):
        malformed = samples.malformed()
        out = engine.render([*malformed, samples.outage()])
        assert [one.ref for one in out] == [*(one.ref for one in malformed), "outage"]
        assert isinstance(out[-1], manuscripts.Rendition)
        for one in out:
            assert isinstance(one, manuscripts.Rendition) or one.detail

    @pytest.mark.parametrize("text", samples.LITERAL)
    def test_markup_in_a_text_comes_out_as_the_characters_it_is(self, engine: engines.Engine, text: str):
        (rendered,) = engine.render([samples.saying(text)])
        assert isinstance(rendered, manuscripts.Rendition), rendered
        assert essence(text) in essence(self.text(rendered))

    @pytest.mark.parametrize("text", samples.EXOTIC, ids=ascii)
    def test_an_exotic_text_comes_out_unchanged_or_is_refused(self, engine: engines.Engine, text: str):
        (rendered,) = engine.render([samples.saying(text)])
        if isinstance(rendered, manuscripts.Rendition):
            assert essence(text) in essence(self.text(rendered))
        else:
            assert rendered.detail

    @hypothesis.given(text=_TEXTS)
    @_SETTINGS
    def test_any_text_comes_out_literally(self, engine: engines.Engine, text: str):
        hypothesis.assume(text.strip())
        (rendered,) = engine.render([samples.saying(f"x{text}x")])
        assert isinstance(rendered, manuscripts.Rendition), rendered
        assert essence(text) in essence(self.text(rendered))

    def test_close_may_be_called_twice(self):
        engine = self.make()
        engine.render([samples.outage()])
        engine.close()
        engine.close()
