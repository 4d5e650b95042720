"""Texts: placeholders, marks, literal braces, and where links may lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.flow import composing

from signalpost.flow.compose import texts
from signalpost.vocabulary import links, manuscripts, records

Run = manuscripts.Run
PLACE = texts.Place(name="body[0].text")


def setting() -> texts.Setting:
    return texts.Setting(locale="en_DE", terms={}, assets={}, labels=composing.LABELS)


def scope(**facts: records.Json) -> texts.Scope:
    return texts.Scope(facts=facts, zone="Europe/Berlin", missing=[])


def runs(text: str, **facts: records.Json) -> "tuple[Run, ...]":
    read = setting()
    result = texts.runs(text, PLACE, read)(scope(**facts))
    assert read.findings == []
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("plain", (Run(text="plain"),)),
        ("**all**", (Run(text="all", strong=True),)),
        ("a **b** c", (Run(text="a "), Run(text="b", strong=True), Run(text=" c"))),
        ("*b*", (Run(text="b", emphasis=True),)),
        ("***b***", (Run(text="b", strong=True, emphasis=True),)),
        ("**a *b***", (Run(text="a ", strong=True), Run(text="b", strong=True, emphasis=True))),
        ("{{x}} and }}{{", (Run(text="{x} and }{"),)),
        (r"2 \* 3 \[1\] \\ \n", (Run(text=r"2 * 3 [1] \ \n"),)),
        ("see [1] or [a] (b)", (Run(text="see [1] or [a] (b)"),)),
        ("[here](https://a.example/)", (Run(text="here", link="https://a.example/"),)),
        (
            r"**[to *us* \[x\]](tel:+4930)**",
            (
                Run(text="to ", strong=True, link="tel:+4930"),
                Run(text="us", strong=True, emphasis=True, link="tel:+4930"),
                Run(text=" [x]", strong=True, link="tel:+4930"),
            ),
        ),
        ("100 % of {name} %s", (Run(text="100 % of %d %s"),)),
        ("{name}{name}", (Run(text="%d%d"),)),
        ("a\n  b", (Run(text="a b"),)),
        ("{ name }, { name | upper-first }", (Run(text="%d, %d"),)),
    ],
)
def test_marks_of_the_author_become_runs(text: str, expected: "tuple[Run, ...]"):
    assert runs(text, name="%d") == expected


def test_a_text_without_marks_keeps_stars_and_brackets():
    read = setting()
    assert texts.line(r"**a** [b](c) \* {{x}}", PLACE, read)(scope()) == r"**a** [b](c) \* {x}"
    assert read.findings == []


def test_only_a_text_of_lines_keeps_its_line_ends():
    text = "one {name}\ntwo\n"
    assert texts.lines(text, PLACE, setting())(scope(name="x\ny")) == "one x y\ntwo"
    assert texts.line(text, PLACE, setting())(scope(name="x\ny")) == "one x y two"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "'{' says nothing"),
        ("a } b", "'}' says nothing"),
        ("{}", "wanted {path} or {path | format}, got '{}'"),
        ("{a b}", "wanted {path} or {path | format}, got '{a b}'"),
        ("{a.}", "wanted {path} or {path | format}, got '{a.}'"),
        ("{a[0]}", "wanted {path} or {path | format}, got '{a[0]}'"),
        ("{a | date | text}", "wanted {path} or {path | format}, got '{a | date | text}'"),
        ("{a | clock}", "{a | clock}: no format 'clock'"),
        ("{a | date:7}", "{a | date:7}: 'date' does not take '7'"),
        ("{a | text:x}", "{a | text:x}: 'text' does not take 'x'"),
        ("**a", "* or ** is not closed in '**a'"),
        ("a*", "* or ** is not closed in 'a*'"),
        ("[*a](https://a.example/)*", "* or ** is not closed in '*a'"),
        ("[a](ftp://a.example/)", "wanted an https, mailto or tel address, got 'ftp://a.example/'"),
        ("[a]()", "'[a]()' says nothing"),
    ],
)
def test_what_cannot_be_read_is_a_finding(text: str, message: str):
    read = setting()
    texts.runs(text, PLACE, read)
    assert read.findings[0].message == message
    assert read.findings[0].place == "body[0].text"


@given(st.text(alphabet="{}[]()*\\ab|:. \n", max_size=40))
def test_any_text_of_an_author_is_read_or_is_a_finding(text: str):
    read = setting()
    found = texts.runs(text, PLACE, read)(scope(a="x", b="y", ab="z"))
    assert all(run.text for run in found) or read.findings


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a", 1),
        ("b.c", 2),
        ("d.e.f", 3),
        ("x", None),
        ("b.x", None),
        ("a.x", None),
        ("d.e.x", None),
        ("d.x.f", None),
        ("d.e.f.g", None),
    ],
)
def test_a_path_finds_its_value_or_nothing(path: str, expected: records.Json):
    assert texts.finder(path)({"a": 1, "b": {"c": 2}, "d": {"e": {"f": 3}}}) == expected


def address(text: str, **facts: records.Json) -> "tuple[str, list[str]]":
    read = setting()
    where = scope(**facts)
    return texts.address(text, PLACE, read)(where), where.missing


def test_a_value_within_an_address_can_start_no_other_part_of_it():
    text = "https://a.example/c/{customer}?ref={ref}"
    found, missing = address(text, customer="../x y", ref="1&admin=true#€")
    assert found == "https://a.example/c/..%2Fx%20y?ref=1%26admin%3Dtrue%23%E2%82%AC"
    assert missing == []


def test_a_placeholder_alone_is_the_whole_address():
    assert address("{links.status}", links={"status": "https://a.example/?a=1#b"}) == ("https://a.example/?a=1#b", [])


@pytest.mark.parametrize(
    ("given_address", "why"),
    [
        ("http://a.example/", ": wanted an https, mailto or tel address, got another text"),
        ("", ""),
    ],
)
def test_an_address_that_may_not_be_linked_to_is_missing(given_address: str, why: str):
    _, missing = address("{links.status}", links={"status": given_address})
    assert missing == [f"body[0].text: {{links.status}}{why}"]


@pytest.mark.parametrize(
    "good",
    [
        "https://a.example",
        "https://a.example/",
        "https://a.example:8443/p/a%20b?x=1&y=[2]#top",
        "https://xn--mnchen-3ya.example?x#y",
        "https://10.0.0.1/",
        "http://127.0.0.1:8000/s/1",
        "http://localhost/",
        "http://[::1]:8000/",
        "mailto:help@a.example",
        "mailto:a.b+c@a.example?subject=Bill",
        "tel:+4930231250",
        "tel:030-231",
    ],
)
def test_a_link_may_lead_to(good: str):
    assert links.is_allowed(good)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a.example",
        "/path",
        "//a.example",
        "http://a.example/",
        "http://127.0.0.1.a.example/",
        "http://localhost.a.example/",
        "HTTPS://a.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///path",
        "https://user@a.example/",
        "https://a.example@b.example/",
        "https://a.example/ x",
        "https://a.example/\n",
        'https://a.example/"onclick',
        "https://a.example/<b>",
        "https://münchen.example/",
        "https://a.example/%zz",
        "https://-a.example/",
        "https://a.example/" + "a" * 2_000,
        "https://" + "a" * 1_900,
        "mailto:",
        "mailto:a@b.example,c@d.example",
        "tel:",
        "tel:abc",
    ],
)
def test_a_link_may_not_lead_to(bad: str):
    assert not links.is_allowed(bad)


def test_the_place_of_a_part_is_its_path():
    assert texts.Place(name="").at("subject").name == "subject"
    assert texts.Place(name="body[1]").at("text").name == "body[1].text"
