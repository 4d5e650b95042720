"""What all pages of the portal share: archive, brand, words and the direction of their language."""

from collections.abc import Mapping

import babel
from django.conf import settings as django_settings

from signalpost.acts import view
from signalpost.store import archive
from signalpost.vocabulary import manuscripts
from signalpost.web.portal import words

#: Brand of a page that belongs to no communication.
_PRIMARY, _ON_PRIMARY = "#0b5cad", "#ffffff"


def kept() -> archive.Archive:
    """The archive."""
    found = django_settings.SIGNALPOST_ARCHIVE
    if not isinstance(found, archive.Archive):
        raise TypeError(f"SIGNALPOST_ARCHIVE: wanted the archive, got {type(found).__name__}")
    return found


def context(seen: view.Seen | None, *, accepts: str = "") -> Mapping[str, object]:
    """What the frame of a page needs.

    Args:
        seen: The communication it belongs to, if any.
        accepts: `Accept-Language` of the reader, for a page that belongs to none.
    """
    manuscript = seen.manuscript if seen is not None else None
    brand = manuscript.brand if manuscript is not None else None
    spoken = words.of(manuscript.language if manuscript is not None else accepts)
    return {
        "words": spoken,
        "language": manuscript.language if manuscript is not None else spoken.language,
        "direction": manuscript.direction if manuscript is not None else manuscripts.Direction.LTR,
        "brand": brand,
        "primary": brand.primary if brand is not None else _PRIMARY,
        "on_primary": brand.on_primary if brand is not None else _ON_PRIMARY,
    }


def language_name(tag: str) -> str:
    """A language by its own name."""
    try:
        name = babel.Locale.parse(tag, sep="-").get_display_name()
    except (babel.UnknownLocaleError, ValueError):
        return tag
    return name[:1].upper() + name[1:] if name else tag
