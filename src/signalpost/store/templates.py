"""Template versions in the store: the content frozen by its digest, and where it stands."""

import datetime as dt

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import records, templates

_SAVE_DRAFT = """
INSERT INTO template_version (digest, communication_id, language, state, content, author, editors, sign_offs,
                              created_at, approval)
VALUES (%s, %s, %s, 'draft', %s, %s, '[]', '[]', %s, '')
ON CONFLICT (digest) DO NOTHING
"""

_VERSION = """
SELECT digest, state, content, author, editors, sign_offs, approval FROM template_version WHERE digest = %s FOR UPDATE
"""

_MOVE = """
UPDATE template_version SET state = %s, sign_offs = %s, approval = %s, effective_from = %s, effective_to = %s
WHERE digest = %s
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A template version as it is stored."""

    digest: str
    state: templates.TemplateState
    content: str
    author: str
    editors: str
    sign_offs: str
    approval: str

    def version(self) -> templates.Version:
        """As governance sees it."""
        return templates.Version(
            content=self.digest,
            category=self.of().category,
            state=self.state,
            author=self.author,
            editors=records.decode(self.editors, frozenset[str]),
            sign_offs=records.decode(self.sign_offs, tuple[templates.SignOff, ...]),
        )

    def of(self) -> templates.Content:
        """The content."""
        return records.decode(self.content, templates.Content)


def save_draft(content: templates.Content, *, author: str, now: dt.datetime) -> str:
    """Store a content as a draft; its digest. One that is there already stays as it is."""
    digest = content.digest()
    text = records.canonical(content).decode()
    batch.run(_SAVE_DRAFT, [digest, content.communication, content.language, text, author, now])
    return digest


def version(digest: str) -> Row:
    """A version, locked until the transaction ends.

    Raises:
        LookupError: there is none.
    """
    rows = batch.fetch(_VERSION, [digest], Row)
    if not rows:
        raise LookupError(f"template version: wanted {digest!r}, got none of that digest")
    return rows[0]


def move(row: Row, state: templates.TemplateState, *, approval: templates.Approval | None = None) -> None:
    """Store where a version stands now, and its approval once it has one."""
    given = approval or (records.decode(row.approval, templates.Approval) if row.approval else None)
    batch.run(
        _MOVE,
        [
            state,
            records.canonical(given.sign_offs).decode() if given else row.sign_offs,
            records.canonical(given).decode() if given else "",
            given.effective_from if given else None,
            given.effective_to if given else None,
            row.digest,
        ],
    )
