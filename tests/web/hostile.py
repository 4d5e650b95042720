"""Input that means harm, the same for the same seed: texts for fields, bodies for requests."""

import json
import random
from collections.abc import Callable

import msgspec
from tests.path.test_documents import bill

from signalpost.vocabulary import records

#: What a text is put together from: markup, templates of every kind that is near, direction, controls, injections.
FRAGMENTS = (
    *("<script>alert(1)</script>", "</p><img src=x onerror=alert(1)>", "<!--", "-->", "]]>", "<mj-raw>", "</mj-text>"),
    *("&amp;", "&#x3c;", "&lt;b&gt;", '"', "'", "`", "\\", "/", "%00", "%s%n", "%(x)s", "$(id)", "${7*7}", "`id`"),
    *("{{ 7*7 }}", "{% raw %}", "{# x #}", "{{ self.__init__ }}", "{", "}", "{party.name}", "{x | date}", "{{", "}}"),
    *('#import "/x"', '#eval("1")', "#{sys.inputs}", "$x$", "#set page()", '#read("/etc/passwd")', "*b*", "_i_"),
    *("event.data.bill", "has(x) ? 1 : 2", "[1,2].map(x, x)", "size('a')", "**bold**", "[a](https://x.example)", "|"),
    *("'; DROP TABLE event; --", '" OR 1=1', "\\x27", "../../etc/passwd", '=HYPERLINK("x")', "@SUM(1)", "-1+1"),
    *("\u202eevil\u202c", "\u2066x\u2069", "\u200f", "\u061c", "\ufeff", "\u200b", "\u2028", "\u2029", "\u0085"),
    *("\x00", "\x07", "\x1b[31m", "\r\nBcc: x@x.example", "\n.\r\n", "\t", "\x7f", "\ufffe", "\U0010ffff", "\ufdd0"),
    *(
        "שלום",
        "مرحبا",
        "नमस्ते",
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈",
        "e\u0301" * 5,
        "Z\u0351\u036b\u0343",
        "ﷺ",
        "ß",
        "İ",
        "\u1e9e",
        "plain words",
    ),
)
#: Written into JSON as it stands: what Python's strings and msgspec do not write.
ESCAPES = (rb"\ud800", rb"\udfff\ud800", rb"\u0000", rb"\u202e", rb"\x41", rb"\u12", rb"\uD83D")

STRUCTURED, BATCHED, JSON = "application/cloudevents+json", "application/cloudevents-batch+json", "application/json"
KINDS = (STRUCTURED, STRUCTURED, STRUCTURED, BATCHED, JSON, "", "text/csv", "a/b;charset=utf-7", "*/*", "x" * 200)
#: What each bill's text begins with: a name of its own.
NAME_CHARACTERS = 7
#: Longest free text of a bill.
BILL_CHARACTERS = 40


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A body with its content type; `bill` is the text that must come out literally when it is accepted."""

    body: bytes
    kind: str
    bill: str = ""


def text(rng: random.Random) -> str:
    """A text of up to eight fragments."""
    return "".join(rng.choice(FRAGMENTS) for _ in range(rng.randint(1, 8)))


def post(rng: random.Random, number: int) -> Post:
    """A body for the route of events."""
    return rng.choice(_MAKERS)(rng, number)


def junk(rng: random.Random) -> bytes:
    """Bytes that may be JSON."""
    return rng.choice(_JUNK)(rng)


def _event(number: int, **changed: object) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "source": "hostile",
        "id": f"h-{number}",
        "type": "billing.closed",
        "subject": "A-cem-M-04",
        "time": "2026-02-03T05:00:00Z",
        "data": bill(bill=f"R-{number}"),
    } | changed


def _well_formed(rng: random.Random, number: int) -> Post:
    said = f"H{number:05d}H{text(rng)}"[:BILL_CHARACTERS]
    return Post(body=json.dumps(_event(number, data=bill(bill=said))).encode(), kind=STRUCTURED, bill=said)


def _bad_attribute(rng: random.Random, number: int) -> Post:
    name = rng.choice(["specversion", "id", "source", "type", "subject", "time", "dataschema", "extension", "data"])
    value = rng.choice([text(rng), None, True, -1, 1e308, [], {}, [text(rng)], {text(rng): text(rng)}])
    return Post(body=json.dumps(_event(number, **{name: value})).encode(), kind=rng.choice(KINDS))


def _bad_data(rng: random.Random, number: int) -> Post:
    data = bill()
    data[rng.choice([*data, text(rng)])] = rng.choice([text(rng), None, [], {}, 10**40, -0.0, [text(rng)] * 5])
    return Post(body=json.dumps(_event(number, data=data)).encode(), kind=STRUCTURED)


def _broken(rng: random.Random, number: int) -> Post:
    body = bytearray(json.dumps(_event(number)).encode())
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(body))
        change = rng.randrange(4)
        if change == 0:
            body[place] = rng.randrange(256)
        elif change == 1:
            del body[place : place + rng.randint(1, 30)]
        elif change == 2:
            body[place:place] = rng.choice(ESCAPES)
        else:
            body[place:place] = junk(rng)[:200]
        body = body or bytearray(b"{")
    return Post(body=bytes(body), kind=rng.choice(KINDS))


def _batch(rng: random.Random, number: int) -> Post:
    rows = [_event(number * 1000 + place, **rng.choice([{}, {"type": text(rng)}, {"id": ""}])) for place in range(3)]
    return Post(body=json.dumps([*rows, rng.choice([rows[0], None, text(rng), []])]).encode(), kind=BATCHED)


def _raw(rng: random.Random, number: int) -> Post:
    del number
    return Post(body=junk(rng), kind=rng.choice(KINDS))


_MAKERS: tuple[Callable[[random.Random, int], Post], ...] = (
    *(_well_formed, _bad_attribute, _bad_attribute, _bad_data, _bad_data, _broken, _broken, _batch, _raw, _raw),
)


def _nested(rng: random.Random) -> bytes:
    depth = rng.choice([10, 33, 200, 5000, 50_000])
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}")])
    return opening * depth + b"1" + closing * rng.choice([0, depth])


def _numbers(rng: random.Random) -> bytes:
    digits = b"9" * rng.choice([18, 19, 20, 400, 5000])
    number = rng.choice(
        [digits, b"-" + digits, b"1e999", b"-1e999", b"1e-999", b"NaN", b"Infinity", b"0x10", b"01", b"1."]
    )
    return rng.choice([number, b'{"specversion":"1.0","data":{"n":' + number + b"}}", b"[" + number + b"]"])


def _bytes(rng: random.Random) -> bytes:
    return rng.randbytes(rng.randint(0, 300))


def _strings(rng: random.Random) -> bytes:
    return b'{"' + rng.choice(ESCAPES) + b'":"' + rng.choice(ESCAPES) * rng.randint(1, 3) + b'"}'


def _encoded(rng: random.Random) -> bytes:
    plain = json.dumps({"a": text(rng)}, ensure_ascii=False)
    coding = rng.choice(["utf-16", "utf-32", "utf-8-sig", "utf-7"])
    return plain.encode(coding, "surrogatepass")


def _values(rng: random.Random) -> bytes:
    plain: list[object] = [None, True, 0, "", [], {}, [[]], {"": ""}, text(rng)]
    return records.canonical(rng.choice(plain))


def _twice(rng: random.Random) -> bytes:
    return b'{"id":"a","id":' + rng.choice([b"1", b"null", b'"b"']) + b',"specversion":"1.0","source":"s","type":"t"}'


_JUNK: tuple[Callable[[random.Random], bytes], ...] = (_nested, _numbers, _bytes, _strings, _encoded, _values, _twice)
