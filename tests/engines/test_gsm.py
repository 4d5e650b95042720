"""SMS segmentation and octets, against 3GPP TS 23.038 and TS 23.040. What is under test: `vocabulary.sms`."""

import hypothesis
import pytest
from hypothesis import strategies

from signalpost.vocabulary import sms

#: TS 23.038, 6.2.1 and 6.2.1.1: characters with their septets, from the printed tables.
VECTORS = [
    ("@", "00"),
    ("£$¥", "010203"),
    ("èéùìò", "0405060708"),
    ("Ç", "09"),
    ("\n", "0a"),
    ("Øø", "0b0c"),
    ("\r", "0d"),
    ("Åå", "0e0f"),
    ("Δ_ΦΓΛΩΠΨΣΘΞ", "101112131415161718191a"),
    ("ÆæßÉ", "1c1d1e1f"),
    (" !\"#¤%&'", "2021222324252627"),
    ("09:;<=>?", "30393a3b3c3d3e3f"),
    ("¡AZ", "40415a"),
    ("ÄÖÑÜ§", "5b5c5d5e5f"),
    ("¿az", "60617a"),
    ("äöñüà", "7b7c7d7e7f"),
    ("\f^{}", "1b0a1b141b281b29"),
    ("\\[~]|", "1b2f1b3c1b3d1b3e1b40"),
    ("€", "1b65"),
    ("Strom: 30 € [neu]", "5374726f6d3a203330201b65201b3c6e65751b3e"),
]

#: Text, alphabet, lengths of its parts.
CUTS = [
    ("", "gsm7", (0,)),
    ("a" * 160, "gsm7", (160,)),
    ("a" * 161, "gsm7", (153, 8)),
    ("a" * 306, "gsm7", (153, 153)),
    ("a" * 307, "gsm7", (153, 153, 1)),
    ("€" * 80, "gsm7", (160,)),
    ("a" * 159 + "€", "gsm7", (153, 8)),
    # The escape pair does not fit into the last septet of the first part.
    ("a" * 152 + "€" * 10, "gsm7", (152, 20)),
    ("ç" + "a" * 69, "ucs2", (70,)),
    ("ç" + "a" * 70, "ucs2", (67, 4)),
    ("😀" * 35, "ucs2", (70,)),
    # Half a character would fit into the 67th code unit.
    ("😀" * 36, "ucs2", (66, 6)),
    ("я" * 66 + "é" * 5, "ucs2", (67, 4)),
]

#: What a reader sees as one character.
CLUSTERS = [
    "e\u0301",
    "👩\u200d👩\u200d👧\u200d👦",
    "👍🏽",
    "🇩🇪",
    "❤\ufe0f",
    "1\ufe0f\u20e3",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "नि",
    "क्ष",
    "\u1100\u1161\u11a8",
    "각\u11a8",
    "\r\n",
]

#: Letters, signs and pictures that are clusters of their own, so that any cut between two of them is a good one.
_LONE = strategies.text(alphabet="aZ0 @£Δ\n€[]^|çяЖ中文😀⚡ß", min_size=60, max_size=500)


@pytest.mark.parametrize(("text", "septets"), VECTORS, ids=ascii)
def test_characters_have_the_septets_of_the_standard(text: str, septets: str):
    cut = sms.segments(text)
    assert cut.encoding is sms.Encoding.GSM7
    assert sms.encode_parts(cut) == (bytes.fromhex(septets),)
    assert sms.decode(bytes.fromhex(septets), sms.Encoding.GSM7) == text


def test_the_alphabet_has_127_characters_and_ten_more():
    gsm = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    lengths = [cut.lengths[0] for cut in map(sms.segments, gsm) if cut.encoding is sms.Encoding.GSM7]
    assert (lengths.count(1), lengths.count(2)) == (127, 10)


@pytest.mark.parametrize(("text", "encoding", "lengths"), CUTS)
def test_a_text_is_cut_where_the_standard_lets_it(text: str, encoding: str, lengths: tuple[int, ...]):
    cut = sms.segments(text)
    assert (cut.encoding, cut.lengths) == (encoding, lengths)


def test_one_character_outside_the_alphabet_makes_the_whole_message_ucs2():
    cut = sms.segments("Zählerstand 4711 ✓")
    assert cut.encoding is sms.Encoding.UCS2
    assert sms.encode_parts(cut) == ("Zählerstand 4711 ✓".encode("utf-16-be"),)


@pytest.mark.parametrize("cluster", CLUSTERS, ids=ascii)
@pytest.mark.parametrize("before", range(60, 68))
def test_what_is_seen_as_one_character_is_not_cut(cluster: str, before: int):
    cut = sms.segments("я" * before + cluster + "я" * 20)
    assert len(cut.parts) == 2
    assert any(cluster in part for part in cut.parts)


def test_flags_are_cut_between_pairs_of_letters():
    cut = sms.segments("🇩🇪🇫🇷🇬🇧" * 10)
    assert all(len(part) % 2 == 0 for part in cut.parts)


def test_a_character_longer_than_a_part_is_cut_between_code_points():
    text = "я" + "\u0301" * 150
    cut = sms.segments(text)
    assert cut.lengths == (67, 67, 17)
    assert "".join(cut.parts) == text


def test_syllables_that_only_touch_are_cut():
    cut = sms.segments("각나" * 50)
    assert cut.lengths == (67, 33)


def test_half_a_surrogate_pair_is_an_error():
    with pytest.raises(UnicodeEncodeError):
        sms.segments("broken \ud83d")


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"\x1b\x41", "A"),
        (b"A\x1b", "A "),
        (b"\x1b\x1bA", " A"),
        (b"A\x80\xff", "A��"),
        (b"\x1b\x80", "�"),
    ],
)
def test_what_no_sender_should_send_is_read_as_the_standard_says(octets: bytes, text: str):
    assert sms.decode(octets, sms.Encoding.GSM7) == text


def test_half_a_code_unit_is_read_as_a_replacement_character():
    assert sms.decode(b"\x04\x3f\x04", sms.Encoding.UCS2) == "п\ufffd"


@hypothesis.given(text=strategies.text(max_size=400) | _LONE)
def test_decoded_parts_joined_are_the_text(text: str):
    cut = sms.segments(text)
    assert "".join(sms.decode(octets, cut.encoding) for octets in sms.encode_parts(cut)) == text


@hypothesis.given(text=strategies.text(max_size=400) | _LONE)
def test_every_part_fits_the_user_data_of_140_octets(text: str):
    cut = sms.segments(text)
    header_octets = 6 if len(cut.parts) > 1 else 0
    for octets, length in zip(sms.encode_parts(cut), cut.lengths, strict=True):
        if cut.encoding is sms.Encoding.GSM7:
            # Septets are packed behind a header that is filled up to a septet's border (TS 23.040, 9.2.3.24).
            assert len(octets) == length <= (140 * 8 - -(-header_octets * 8 // 7) * 7) // 7
        else:
            assert len(octets) == 2 * length <= 140 - header_octets


@hypothesis.given(text=strategies.text(max_size=400) | _LONE)
def test_no_part_begins_inside_a_surrogate_pair_or_with_a_mark(text: str):
    hypothesis.assume("\u0301" * 60 not in text)
    cut = sms.segments(text)
    for octets in sms.encode_parts(cut):
        if cut.encoding is sms.Encoding.UCS2:
            assert octets.decode("utf-16-be").encode("utf-16-be") == octets


@hypothesis.given(text=_LONE)
def test_the_count_is_the_smallest_that_any_cutting_gives(text: str):
    cut = sms.segments(text)
    if cut.encoding is sms.Encoding.GSM7:
        costs = [2 if character in "€[]^|" else 1 for character in text]
        single, part = 160, 153
    else:
        costs = [2 if ord(character) > 0xFFFF else 1 for character in text]
        single, part = 70, 67
    assert len(cut.parts) == _fewest(costs, single, part)


def _fewest(costs: list[int], single: int, part: int) -> int:
    """Fewest parts over all ways to cut between characters, by dynamic programming."""
    if sum(costs) <= single:
        return 1
    fewest = [0]
    for end in range(1, len(costs) + 1):
        used, best, start = 0, len(costs), end
        while start > 0 and used + costs[start - 1] <= part:
            start -= 1
            used += costs[start]
            best = min(best, fewest[start] + 1)
        fewest.append(best)
    return fewest[-1]
