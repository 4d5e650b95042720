"""The layout: MJML made into a template once per brand and direction, then filled per recipient.

`layout.mjml` is the frame, `blocks.html` holds one macro per piece of it, `style.css` what only clients with style
sheets see. `[[tokens]]` in them stand for colours, sides and shared inline styles; they are ours and settled before
MJML is compiled. Data comes in afterwards, as values that minijinja escapes: no text of a manuscript is ever template
source.
"""

import functools
import re
from importlib import resources

import minijinja
import mrml
import msgspec

from signalpost.engines.email import bidi, palette, view
from signalpost.vocabulary import manuscripts

#: Fixed names of the fonts that mail clients have; no font is fetched.
FONT = "Segoe UI,Roboto,Helvetica,Arial,sans-serif"
#: Template and data are ours and bounded; this ends a mistake in the template, not a valid e-mail of 100 kB.
FUEL_INSTRUCTIONS = 5_000_000
#: Two characters each, of which the second takes room; previews show up to about 150 characters.
PREVIEW_FILLERS = 75

_TOKEN = re.compile(r"\[\[([a-z_]+(?:\.[a-z_]+)?\d?)\]\]")
_TEMPLATE = "email.html"
#: Between pieces, `[[cut]]` in the sources; `soundness` lets no such character come in with a text.
_CUT = "\0"
_AROUND_HEAD = re.compile(r"(?<=</title>)|(?<=</head>)")
_PACKAGE = "signalpost.engines.email"


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled layout."""

    environment: minijinja.Environment
    #: From the end of the title to the end of the head: the style sheets.
    head: str


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One e-mail's HTML."""

    html: str
    #: The same in pieces of whole lines, joined by line ends. Every second one is the same in all e-mails of a brand.
    pieces: tuple[str, ...]


@functools.lru_cache(maxsize=64)
def compiled(primary: str, on_primary: str, *, direction: manuscripts.Direction, is_mixed: bool) -> Layout:
    """The layout of a brand. `is_mixed` isolates text that runs against the direction.

    Raises:
        ValueError: MJML found something to warn of, or made a document without a head: the layout is broken.
    """
    tokens = _tokens(palette.of(primary, on_primary), direction)
    macros, css, frame = (_settled(_read(name), tokens) for name in ("blocks.html", "style.css", "layout.mjml"))
    output = mrml.to_html(frame.replace("[[css]]", css), render_options=mrml.RenderOptions(fonts={}))
    if output.warnings:
        raise ValueError(f"layout.mjml: wanted no warning, got {[warning.kind for warning in output.warnings]}")
    opening, head, body = _AROUND_HEAD.split(output.content)
    source = macros + opening + _CUT + body.replace("[[cut]]", _CUT)
    environment = minijinja.Environment(
        templates={_TEMPLATE: source if is_mixed else source.replace("|shown", "")},
        filters={"shown": functools.partial(bidi.isolated, direction=direction)},
        auto_escape_callback=_escaped,
        undefined_behavior="strict",
        trim_blocks=True,
        lstrip_blocks=True,
        debug=False,
        fuel=FUEL_INSTRUCTIONS,
    )
    return Layout(environment=environment, head=head)


def fill(layout: Layout, shown: view.View) -> Document:
    """One e-mail's HTML."""
    filled = layout.environment.render_template(_TEMPLATE, **msgspec.to_builtins(shown))
    opening, *body = filled.split(_CUT)
    pieces = (opening.lstrip(), layout.head, *body)
    return Document(html="\n".join(pieces), pieces=pieces)


def sources() -> bytes:
    """Every byte the layout is made of, for the engine's version."""
    return b"".join(
        resource.read_bytes()
        for resource in sorted(resources.files(_PACKAGE).iterdir(), key=lambda found: found.name)
        if resource.is_file()
    )


def _escaped(_name: str) -> str:
    return "html"


def _read(name: str) -> str:
    return resources.files(_PACKAGE).joinpath(name).read_text(encoding="utf-8")


def _settled(text: str, tokens: dict[str, str]) -> str:
    """Replace tokens until none of ours is left; a style may hold a colour."""
    while (replaced := _TOKEN.sub(lambda found: tokens.get(found[1], found[0]), text)) != text:
        text = replaced
    return text


def _tokens(colours: palette.Palette, direction: manuscripts.Direction) -> dict[str, str]:
    is_ltr = direction is manuscripts.Direction.LTR
    start, end = ("left", "right") if is_ltr else ("right", "left")
    gap = "padding:7px 0 7px 12px" if is_ltr else "padding:7px 12px 7px 0"
    head_gap = "padding:0 0 6px 12px" if is_ltr else "padding:0 12px 6px 0"
    return {
        "direction": direction.value,
        "start": start,
        "end": end,
        "font": FONT,
        "type": f"font-family:{FONT}",
        "hidden": "display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;color:[[page]]",
        # Mail clients preview the first words they find; after the preheader they are to find nothing.
        "filler": "&#847;&#8199;" * PREVIEW_FILLERS,
        "body": "margin:0;font-size:16px;line-height:25px;color:[[text]]",
        "small": "margin:0;font-size:13px;line-height:19px;color:[[muted]]",
        "head": f"{head_gap};font-size:13px;line-height:18px;color:[[muted]]",
        "first_head": "padding:0 0 6px;font-size:13px;line-height:18px;color:[[muted]]",
        "cell": f"{gap};border-top:1px solid [[line]]",
        "first_cell": "padding:7px 0;border-top:1px solid [[line]]",
        **_named(colours.light, prefix=""),
        **_named(colours.dark, prefix="dark."),
    }


def _named(scheme: palette.Scheme, *, prefix: str) -> dict[str, str]:
    named = {
        "page": scheme.page,
        "card": scheme.card,
        "tile": scheme.tile,
        "line": scheme.line,
        "text": scheme.text,
        "muted": scheme.muted,
        "link": scheme.link,
        "primary": scheme.primary,
        "on_primary": scheme.on_primary,
    }
    for index, colour in enumerate(scheme.series):
        named[f"series{index}"] = colour
    for index, tint in enumerate(scheme.tints):
        named |= {f"tint{index}": tint.ground, f"edge{index}": tint.edge, f"ink{index}": tint.ink}
    return {prefix + name: colour for name, colour in named.items()}
