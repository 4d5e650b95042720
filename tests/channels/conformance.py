"""What every channel must hold. A channel's test class inherits one of the suites and brings its peer.

    class TestSmpp(conformance.AnsweringPeerSuite):
        @pytest.fixture
        def rig(self, tmp_path) -> Iterator[conformance.Rig]: ...
        def good(self, number) -> deliveries.Outgoing: ...
        def refused(self, number) -> deliveries.Outgoing | None: ...
        def receipt(self, rig, outgoing, outcome) -> conformance.Inbound | None: ...

`ChannelSuite` is for any channel; `AnsweringPeerSuite` adds the law for channels whose peer answers each delivery over
a connection, where the answer can be lost. The peer is a server or a folder, never a stand-in for our own code.
"""

import datetime as dt
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec
import pytest

from signalpost import channels
from signalpost.vocabulary import deliveries

#: Outcomes that say the peer took it.
TAKEN = frozenset({deliveries.OutcomeKind.ACCEPTED, deliveries.OutcomeKind.DELIVERED})

#: What an attempt may come to; the other kinds are news that only receipts bring.
OF_AN_ATTEMPT = TAKEN | {
    deliveries.OutcomeKind.DEFERRED,
    deliveries.OutcomeKind.ADDRESS_INVALID,
    deliveries.OutcomeKind.REJECTED,
    deliveries.OutcomeKind.UNCLEAR,
    deliveries.OutcomeKind.EXPIRED,
    deliveries.OutcomeKind.PRINTED,
    deliveries.OutcomeKind.POSTED,
}

DETAIL_LIMIT_CHARACTERS = 200

#: Texts that end a line, a header, a message, a field, a string or a template where a protocol is written carelessly.
HOSTILE_TEXTS = {
    "header": "x\r\nBcc: victim@example.net",
    "bare_line_feed": "x\nX-Injected: yes",
    "bare_return": "x\rX-Injected: yes",
    "end_of_message": "x\r\n.\r\nMAIL FROM:<evil@example.net>\r\nRCPT TO:<victim@example.net>\r\nDATA\r\n\r\nsmuggled",
    "smuggled_dot": "x\n.\r\nRSET\r\n",
    "null": "x\x00y",
    "controls": "".join(map(chr, range(1, 32))) + "\x7f",
    "unicode_lines": "a\u2028b\u2029c\u0085d\x0be\x0cf",
    "bidi": "\u202egnp.exe\u2066x",
    "surrogate_pair": "\N{PILE OF POO}" * 60,
    "quotes": '"\'`\\"<>(),;:@[]',
    "markup": "<script>alert(1)</script>{{7*7}}{%x%}${x}#{x}",
    "encoded_word": "=?utf-8?q?=0D=0ABcc:_victim=40example.net?=",
    "traversal": "../../../etc/passwd\x00.pdf",
    "long": "x" * 10_000,
    "long_wide": "\N{SNOWMAN}" * 10_000,
    "blank": "   ",
    "empty": "",
}


class Peer(Protocol):
    """The other side, under the test's hand."""

    def taken(self) -> int:
        """How many messages the peer has taken in all so far; waits until what it accepted can be counted."""
        ...

    def die(self) -> None:
        """Be gone: connections refused, folder not writable."""
        ...

    def revive(self) -> None:
        """Be back at the same place."""
        ...


class DroppingPeer(Peer, Protocol):
    """A peer that can take a delivery whole and fall silent before it answers."""

    def drop_before_answering(self) -> None:
        """From now on take each delivery whole, then close the connection instead of answering."""
        ...


class Rig(NamedTuple):
    """A channel joined to its peer."""

    channel: channels.Channel
    peer: Peer
    #: What the operator would look at when it fails: `127.0.0.1:2525`, a URL, a folder. Must be part of `check()`.
    where: str


class DroppingRig(NamedTuple):
    """A channel joined to a peer that can drop before answering."""

    channel: channels.Channel
    peer: DroppingPeer


class Inbound(NamedTuple):
    """News as the peer would send it, and what it must be understood as."""

    raw: bytes
    media_type: str
    kind: deliveries.OutcomeKind


class ChannelSuite(ABC):
    """The laws of every channel."""

    @abstractmethod
    def good(self, number: int) -> deliveries.Outgoing:
        """Give a delivery that the peer takes; another one for every number."""

    @abstractmethod
    def refused(self, number: int) -> deliveries.Outgoing | None:
        """Give a delivery that is refused for good, or None where nothing is ever refused."""

    @abstractmethod
    def receipt(self, rig: Rig, outgoing: deliveries.Outgoing, outcome: deliveries.Outcome) -> Inbound | None:
        """Give the news the peer would send of this accepted delivery, or None where none ever comes."""

    def test_profile_can_be_worked_by(self, rig: Rig):
        profile = rig.channel.profile
        assert profile.name
        assert profile.kind is self.good(1).channel
        assert profile.batch >= 1
        assert profile.retry_seconds
        assert list(profile.retry_seconds) == sorted(profile.retry_seconds)
        assert profile.retry_seconds[0] > 0
        assert 0 <= profile.jitter <= 1

    def test_profile_stays_the_same(self, rig: Rig):
        before = rig.channel.profile
        rig.channel.send([self.good(1)])
        assert rig.channel.profile == before
        rig.peer.die()
        rig.channel.send([self.good(2)])
        rig.channel.close()
        assert rig.channel.profile == before

    def test_nothing_to_send_gives_nothing(self, rig: Rig):
        assert list(rig.channel.send([])) == []
        assert rig.peer.taken() == 0

    def test_outcomes_come_in_order_and_number(self, rig: Rig):
        batch = [self.good(number) for number in range(12)]
        expected = [True] * len(batch)
        for position in (11, 5, 4, 0):
            if (bad := self.refused(position)) is not None:
                batch[position] = msgspec.structs.replace(bad, ref=batch[position].ref)
                expected[position] = False
        outcomes = sent(rig.channel, batch)
        assert [outcome.kind in TAKEN for outcome in outcomes] == expected
        assert rig.peer.taken() == sum(expected)

    def test_refusal_for_good_is_named_and_not_tried_again(self, rig: Rig):
        bad = self.refused(1)
        if bad is None:
            pytest.skip("nothing is ever refused on this channel")
        (outcome,) = sent(rig.channel, [bad])
        assert outcome.kind in {deliveries.OutcomeKind.ADDRESS_INVALID, deliveries.OutcomeKind.REJECTED}
        assert outcome.code or outcome.detail
        assert bad.address not in outcome.detail

    def test_batches_one_after_the_other(self, rig: Rig):
        for number in range(3):
            (outcome,) = sent(rig.channel, [self.good(number)])
            assert outcome.kind in TAKEN
        assert rig.peer.taken() == 3

    def test_dead_peer_defers_everything(self, rig: Rig):
        rig.peer.die()
        outcomes = sent(rig.channel, [self.good(number) for number in range(3)])
        assert [outcome.kind for outcome in outcomes] == [deliveries.OutcomeKind.DEFERRED] * 3
        assert all(outcome.detail for outcome in outcomes)

    def test_peer_that_comes_back_is_found_again(self, rig: Rig):
        (first,) = sent(rig.channel, [self.good(1)])
        rig.peer.die()
        (second,) = sent(rig.channel, [self.good(2)])
        rig.peer.revive()
        (third,) = sent(rig.channel, [self.good(3)])
        assert first.kind in TAKEN
        assert second.kind is deliveries.OutcomeKind.DEFERRED
        assert third.kind in TAKEN
        assert rig.peer.taken() == 2

    def test_peer_that_was_away_between_batches_is_found_again(self, rig: Rig):
        (first,) = sent(rig.channel, [self.good(1)])
        rig.peer.die()
        rig.peer.revive()
        (second,) = sent(rig.channel, [self.good(2)])
        assert first.kind in TAKEN
        assert second.kind in TAKEN

    def test_check_is_silent_when_all_is_well(self, rig: Rig):
        assert rig.channel.check() == ""
        assert rig.peer.taken() == 0

    def test_check_says_where_and_what_to_do(self, rig: Rig):
        rig.peer.die()
        advice = rig.channel.check()
        assert rig.where in advice
        assert advice.splitlines() == [advice]
        assert len(advice.split()) > 3
        rig.peer.revive()
        assert rig.channel.check() == ""

    def test_close_twice_is_closing_once(self, rig: Rig):
        rig.channel.send([self.good(1)])
        rig.channel.close()
        rig.channel.close()

    def test_close_before_anything_was_sent(self, rig: Rig):
        rig.channel.close()
        assert rig.peer.taken() == 0

    def test_receipt_speaks_of_our_delivery(self, rig: Rig):
        outgoing = self.good(1)
        (outcome,) = sent(rig.channel, [outgoing])
        inbound = self.receipt(rig, outgoing, outcome)
        if inbound is None:
            assert list(rig.channel.understand(b"anything", "text/plain")) == []
            return
        before = dt.datetime.now(dt.UTC)
        receipts = rig.channel.understand(inbound.raw, inbound.media_type)
        assert [receipt.kind for receipt in receipts] == [inbound.kind]
        for receipt in receipts:
            assert receipt.channel is rig.channel.profile.kind
            assert receipt.via == rig.channel.profile.name
            assert receipt.at.tzinfo is not None
            assert receipt.at <= before + dt.timedelta(days=1)
            assert receipt.delivery == outgoing.ref or (outcome.provider_ref == receipt.provider_ref != "")

    def test_same_receipt_twice_is_told_as_the_same(self, rig: Rig):
        outgoing = self.good(1)
        (outcome,) = sent(rig.channel, [outgoing])
        inbound = self.receipt(rig, outgoing, outcome)
        if inbound is None:
            pytest.skip("nothing ever comes back on this channel")
        once = [receipt.dedupe or receipt for receipt in rig.channel.understand(inbound.raw, inbound.media_type)]
        again = [receipt.dedupe or receipt for receipt in rig.channel.understand(inbound.raw, inbound.media_type)]
        assert once == again

    @pytest.mark.parametrize("raw", [b"", b"\x00" * 100, b"\xff" * 100, b"{" * 5000, b"\r\n\r\n", b"hello"])
    @pytest.mark.parametrize("media_type", ["", "application/json", "message/rfc822", "text/plain; charset=\x00"])
    def test_nonsense_coming_back_says_nothing(self, rig: Rig, raw: bytes, media_type: str):
        assert list(rig.channel.understand(raw, media_type)) == []

    @pytest.mark.parametrize("name", HOSTILE_TEXTS)
    def test_hostile_address_harms_nobody_else(self, rig: Rig, name: str):
        text = HOSTILE_TEXTS[name]
        good = self.good(2)
        hostile = [good.address + text, text + good.address, text]
        batch = [self.good(1), *(replaced(self.good(10 + n), address=address) for n, address in enumerate(hostile))]
        self._assert_no_harm(rig, [*batch, self.good(3)])

    @pytest.mark.parametrize("name", HOSTILE_TEXTS)
    def test_hostile_words_harm_nobody_else(self, rig: Rig, name: str):
        text = HOSTILE_TEXTS[name]
        good = self.good(2)
        words = {header: text for header, _ in good.headers} | {"subject": text, text: text}
        hostile = replaced(good, headers=tuple(words.items()))
        self._assert_no_harm(rig, [self.good(1), hostile, self.good(3)])

    def _assert_no_harm(self, rig: Rig, batch: Sequence[deliveries.Outgoing]) -> None:
        outcomes = sent(rig.channel, batch)
        assert outcomes[0].kind in TAKEN
        assert outcomes[-1].kind in TAKEN
        assert all(outcome.kind is not deliveries.OutcomeKind.UNCLEAR for outcome in outcomes)
        # What the peer holds is what was said to be taken: nothing smuggled in, nothing swallowed.
        assert rig.peer.taken() == sum(outcome.kind in TAKEN for outcome in outcomes)


class AnsweringPeerSuite(ChannelSuite, ABC):
    """The laws of a channel whose peer answers over a connection that can break; needs `dropping_rig` as well."""

    def test_lost_answer_is_unclear(self, dropping_rig: DroppingRig):
        dropping_rig.peer.drop_before_answering()
        (outcome,) = sent(dropping_rig.channel, [self.good(1)])
        assert dropping_rig.peer.taken() == 1
        assert outcome.kind is deliveries.OutcomeKind.UNCLEAR
        assert outcome.detail

    def test_batch_with_lost_answers_calls_nothing_unsent_that_was_taken(self, dropping_rig: DroppingRig):
        dropping_rig.peer.drop_before_answering()
        outcomes = sent(dropping_rig.channel, [self.good(number) for number in range(4)])
        unclear = sum(outcome.kind is deliveries.OutcomeKind.UNCLEAR for outcome in outcomes)
        assert all(
            outcome.kind in {deliveries.OutcomeKind.UNCLEAR, deliveries.OutcomeKind.DEFERRED} for outcome in outcomes
        )
        # Taken by the peer but reported as deferred would be said twice.
        assert 1 <= dropping_rig.peer.taken() <= unclear


def replaced(
    outgoing: deliveries.Outgoing, *, address: str | None = None, headers: tuple[tuple[str, str], ...] | None = None
) -> deliveries.Outgoing:
    """Give the delivery with another address or other words."""
    return msgspec.structs.replace(
        outgoing,
        address=outgoing.address if address is None else address,
        headers=outgoing.headers if headers is None else headers,
    )


def sent(channel: channels.Channel, batch: Sequence[deliveries.Outgoing]) -> Sequence[deliveries.Outcome]:
    """Send a batch and hold the outcomes against the vocabulary: one each, of an attempt, told in one clean line."""
    outcomes = channel.send(batch)
    assert len(outcomes) == len(batch)
    for outcome in outcomes:
        assert outcome.kind in OF_AN_ATTEMPT
        assert len(outcome.detail) <= DETAIL_LIMIT_CHARACTERS
        assert not any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in outcome.detail)
        assert outcome.retry_after_seconds is None or outcome.retry_after_seconds > 0
    return outcomes
