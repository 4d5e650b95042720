"""The layout: MJML made into a template once per brand and direction, then filled per recipient.

`layout.mjml` is the frame, `blocks.html` holds the pieces in it, `style.css` what only clients with style sheets see.
`[[tokens]]` in them stand for colours, sides, inline styles and those pieces; all are ours and settled before the
template is compiled. Data comes in afterwards, as values that minijinja escapes: no text of a manuscript is ever
template source.
"""

import functools
import re
from importlib import resources
from itertools import zip_longest

import minijinja
import mrml
import msgspec

from signalpost.engines.email import bidi, palette, pictures, view
from signalpost.vocabulary import manuscripts

#: Fixed names of the fonts that mail clients have; no font is fetched.
FONT = "Segoe UI,Roboto,Helvetica,Arial,sans-serif"
#: Template and data are ours and bounded; this ends a mistake in the template, not a valid e-mail of 100 kB.
FUEL_INSTRUCTIONS = 5_000_000
#: Two characters each, of which the second takes room; previews show up to about 150 characters.
PREVIEW_FILLERS = 75

_TOKEN = re.compile(r"\[\[([a-z_]+(?:\.[a-z_]+)?\d?)\]\]")
_PIECE = re.compile(r"^\{# == ([a-z_]+) == #\}\n", re.MULTILINE)
#: Between the parts of a template and of what it renders; `soundness` lets no such character come in with a text.
_CUT = "\0"
#: The width of the sides in the shorthand of CSS: `padding:4px 32px 20px`, of which a column has none.
_SIDES = re.compile(r"(?<=px )32px|(?<=:0 )32px")
_AROUND_HEAD = re.compile(r"(?<=</title>)|(?<=</head>)")
_PACKAGE = "signalpost.engines.email"


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """A layout in the dress of one brand."""

    #: Holds the template `own`, what differs from e-mail to e-mail.
    environment: minijinja.Environment
    #: What all e-mails of the brand share, between its parts.
    shared: tuple[str, ...]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One e-mail's HTML in whole lines: a part of its own, a shared one, in turn, beginning and ending with its own."""

    own: tuple[str, ...]
    shared: tuple[str, ...]

    def html(self) -> str:
        """The whole, each part on lines of its own."""
        pairs = zip_longest(self.own, self.shared, fillvalue="")
        return "\n".join(part for pair in pairs for part in pair)

    def __len__(self) -> int:
        """Characters of the whole, about."""
        return sum(map(len, self.own)) + sum(map(len, self.shared))


@functools.lru_cache(maxsize=64)
def dressed(
    brand: manuscripts.Brand,
    logo: pictures.Picture | None,
    *,
    direction: manuscripts.Direction,
    is_mixed: bool,
) -> Layout:
    """The layout of a brand. `is_mixed` isolates text that runs against the direction.

    Raises:
        ValueError: MJML found something to warn of, or made a document without a head: the layout is broken.
    """
    tokens = _tokens(palette.of(brand.primary, brand.on_primary), direction)
    frame = _settled(_read("layout.mjml"), tokens | {"css": _read("style.css")})
    output = mrml.to_html(frame, render_options=mrml.RenderOptions(fonts={}))
    if output.warnings:
        raise ValueError(f"layout.mjml: wanted no warning, got {[warning.kind for warning in output.warnings]}")
    opening, head, body = _AROUND_HEAD.split(output.content)
    _, *pieces = _PIECE.split(_read("blocks.html"))
    tokens |= {name: piece.rstrip() for name, piece in zip(pieces[::2], pieces[1::2], strict=True)}
    tokens["inside"] = _inside(tokens)
    parts = [opening, head, *(_settled(part, tokens) for part in body.split("[[cut]]"))]
    if not is_mixed:
        parts = [part.replace("|shown", "") for part in parts]
    environment = minijinja.Environment(
        templates={"own": _CUT.join(parts[::2]), "shared": _CUT.join(parts[3::2])},
        filters={"shown": functools.partial(bidi.isolated, direction=direction)},
        auto_escape_callback=_escaped,
        undefined_behavior="strict",
        trim_blocks=True,
        lstrip_blocks=True,
        debug=False,
        fuel=FUEL_INSTRUCTIONS,
    )
    shared = environment.render_template("shared", **msgspec.to_builtins(view.dress(brand, logo)))
    return Layout(environment=environment, shared=(head, *shared.split(_CUT)))


def fill(layout: Layout, shown: view.View) -> Document:
    """One e-mail's HTML."""
    filled = layout.environment.render_template("own", **msgspec.to_builtins(shown))
    return Document(own=tuple(filled.split(_CUT)), shared=layout.shared)


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


def _inside(pieces: dict[str, str]) -> str:
    """The pieces as they stand in a column: it has its own place from side to side, and a button as they are."""
    kinds = ("paragraph", "heading", "list", "callout", "key_figures", "table", "bars", "strips", "picture")
    kinds += ("reference_lines", "signature", "attachment")
    cases = "".join(f'{{% elif kind == "{kind}" %}}{pieces[kind]}\n' for kind in kinds)
    narrow = _SIDES.sub("0", cases).replace('class="pad" ', "")
    return f"{{% set kind = block.type %}}{{% if false %}}{narrow}{{% else %}}{pieces['button']}\n{{% endif %}}"


def _settled(text: str, tokens: dict[str, str]) -> str:
    """Replace known tokens until none is left; a piece may hold a style, and a style a colour."""
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
        "h1": "margin:0;font-size:26px;line-height:33px;color:[[text]]",
        "caption": "text-align:[[start]];padding:0 0 8px;font-size:14px;line-height:20px;color:[[muted]]",
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
