"""The HTML of the mailbox: plain pages, readable without scripts, in light and dark."""

import base64
import datetime as dt
import email.message
import html
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import msgspec

#: Channels with their names for people, in the order of the filter.
CHANNELS = {"email": "E-mail", "sms": "SMS", "letter": "Letter"}
#: The overview loads itself again so often; not while somebody searches.
REFRESH_SECONDS = 5

_STYLE = """
:root { color-scheme: light dark; --ground: #f3f5f7; --card: #ffffff; --ink: #16212b; --soft: #51606e;
  --line: #d3dae1; --accent: #0b4f6c; --on: #ffffff; --bubble: #e2edf3; --own: #0b4f6c; --on-own: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ground: #10161b; --card: #18212a; --ink: #e8eef3; --soft: #a3b2bf;
  --line: #33414d; --accent: #7cc4e4; --on: #0d1419; --bubble: #253442; --own: #1f6f93; --on-own: #ffffff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header, main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; margin: .5rem 0; }
h2 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .25rem 0; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.soft, time { color: var(--soft); font-size: .9rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 1rem 0 .5rem; }
label { display: grid; gap: .2rem; flex: 1 1 16rem; font-size: .9rem; }
input, select, button { font: inherit; padding: .5rem .7rem; border: 1px solid var(--soft); border-radius: .4rem;
  background: var(--card); color: var(--ink); min-height: 2.75rem; }
button { background: var(--accent); color: var(--on); border-color: var(--accent); cursor: pointer; }
label.narrow { flex: 0 1 10rem; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
li, .card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; }
.head { display: flex; flex-wrap: wrap; gap: .2rem 1rem; justify-content: space-between; align-items: baseline; }
.kind { display: inline-block; font-size: .8rem; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; }
.phone { background: var(--bubble); border-radius: 1.1rem 1.1rem 1.1rem .3rem; padding: .6rem .9rem; margin: .5rem 0;
  max-width: 26rem; overflow-wrap: anywhere; }
.own { background: var(--own); color: var(--on-own); border-radius: 1.1rem 1.1rem .3rem 1.1rem; margin-left: auto;
  width: fit-content; }
iframe { width: 100%; height: 48rem; border: 1px solid var(--line); border-radius: .4rem; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
img { max-width: 100%; height: auto; border: 1px solid var(--line); background: #fff; display: block;
  margin: 0 0 1rem; }
dl { display: grid; grid-template-columns: minmax(7rem, auto) 1fr; gap: .2rem 1rem; margin: 0; font-size: .9rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
summary { cursor: pointer; padding: .4rem 0; } details { margin: .5rem 0; }
"""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One received message in the list."""

    at: dt.datetime
    channel: str
    #: Name and reference of the person, "" for somebody the town does not know.
    person: str
    address: str
    #: Subject, or the whole text of an SMS.
    title: str
    note: str = ""
    link: str = ""
    is_reply: bool = False


def overview(entries: Sequence[Entry], *, total: int, counts: Mapping[str, int], wanted: str, channel: str) -> str:
    """The list of messages with its search."""
    options = "".join(
        f'<option value="{kind}"{" selected" if kind == channel else ""}>{name} ({counts[kind]:,})</option>'
        for kind, name in CHANNELS.items()
    )
    found = f"{total:,} messages" if total != 1 else "1 message"
    shown = f"{found}, the newest {len(entries)} shown" if total > len(entries) else found
    listed = "".join(f"<li>{_entry(entry)}</li>" for entry in entries)
    empty = "" if entries else "<p class=card>Nothing has arrived here yet.</p>"
    clear = '<a href="/">Show all</a>' if wanted or channel else ""
    body = f"""
<header><h1>Mailbox</h1>
<p class=soft>What people really received: over SMTP, over SMPP, and in the print shop's batches.</p>
<form role=search><label>Person, address or words<input type=search name=q value="{_quoted(wanted)}"></label>
<label class=narrow>Channel<select name=channel><option value="">All</option>{options}</select></label>
<button>Search</button></form>
<p role=status>{shown}. {clear}</p></header>
<main><ol>{listed}</ol>{empty}</main>"""
    refresh = "" if wanted else f'<meta http-equiv=refresh content="{REFRESH_SECONDS}">'
    return _page("Mailbox", body, head=refresh)


def mail(entry: Entry, headers: Sequence[tuple[str, str]], *, text: str, has_html: bool) -> str:
    """One e-mail: as it looks, as text, and its headers."""
    listed = "".join(f"<dt>{_quoted(name)}</dt><dd>{_quoted(value)}</dd>" for name, value in headers)
    # Without `allow-*` nothing in it runs, opens or is sent.
    frame = f'<iframe sandbox title="The message as it looks" src="{entry.link}/html"></iframe>' if has_html else ""
    body = f"""<header><p><a href="/">Mailbox</a></p><h1>{_quoted(entry.title)}</h1>{_about(entry)}</header>
<main>{frame}
<details{"" if has_html else " open"}><summary>Text part</summary>
<div class=card><pre>{_quoted(text)}</pre></div></details>
<details><summary>Headers</summary><div class=card><dl>{listed}</dl></div></details>
<p><a href="{entry.link}/source">The whole message as it came</a></p></main>"""
    return _page(entry.title, body)


def letter(entry: Entry, *, delivery: str, count: int) -> str:
    """One letter, page by page."""
    pictures = "".join(
        f'<img src="/letter/{_quoted(delivery)}/page/{number}" alt="Page {number} of {count}">'
        for number in range(1, count + 1)
    )
    body = f"""<header><p><a href="/">Mailbox</a></p><h1>Letter to {_quoted(entry.person)}</h1>{_about(entry)}</header>
<main>{pictures}</main>"""
    return _page(f"Letter to {entry.person}", body)


def gone() -> str:
    """There is nothing at this address."""
    return _page("Not here", '<main><h1>Nothing here</h1><p><a href="/">Mailbox</a></p></main>')


def with_pictures(message: email.message.EmailMessage) -> str:
    """The HTML part with the pictures that came with it in their places (RFC 2392)."""
    found = message.get_body(("html",))
    text = str(found.get_content()) if found is not None else ""
    for part in message.walk():
        name = str(part.get("content-id", "")).strip("<>")
        content = part.get_payload(decode=True)
        if name and isinstance(content, bytes):
            data = base64.b64encode(content).decode()
            text = text.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{data}")
    return text


def _entry(entry: Entry) -> str:
    search = urlencode({"q": entry.person or entry.address})
    person = f'<a href="/?{search}">{_quoted(entry.person or entry.address)}</a>'
    kind = f"<span class=kind>{CHANNELS[entry.channel]}</span>"
    head = f"<div class=head><span>{person} {kind}</span>{_time(entry.at)}</div>"
    address = f"<p class=soft>{_quoted(entry.address)}{f', {_quoted(entry.note)}' if entry.note else ''}</p>"
    if entry.channel == "sms":
        whose = "phone own" if entry.is_reply else "phone"
        said = "<p class=soft>Their answer:</p>" if entry.is_reply else ""
        return f"{head}{said}<p class='{whose}'>{_quoted(entry.title)}</p>{address}"
    return f'{head}<h2><a href="{entry.link}">{_quoted(entry.title)}</a></h2>{address}'


def _about(entry: Entry) -> str:
    return f"<p class=soft>To {_quoted(entry.person or entry.address)}, {_quoted(entry.address)}, {_time(entry.at)}</p>"


def _time(at: dt.datetime) -> str:
    return f'<time datetime="{at.isoformat(timespec="seconds")}">{at.astimezone():%H:%M:%S}</time>'


def _page(title: str, body: str, *, head: str = "") -> str:
    return f"""<!doctype html><html lang=en><head><meta charset=utf-8><title>{_quoted(title)}</title>
<meta name=viewport content="width=device-width, initial-scale=1">{head}<style>{_STYLE}</style></head>
<body>{body}</body></html>"""


def _quoted(text: str) -> str:
    return html.escape(text)
