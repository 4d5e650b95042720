"""What somebody asks of a list."""

from collections.abc import Mapping

import msgspec

#: Longest text that is searched for.
WORDS_CHARACTERS = 200


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Search, filters, order and page of a list."""

    #: What is searched for, "" for everything.
    words: str = ""
    #: Filter → value; "" lets everything through.
    chosen: Mapping[str, str] = {}
    #: Name of the column to sort by, with "-" before it for the largest first; "" is the list's own order.
    sort: str = ""
    limit: int = 50
    offset: int = 0

    def parameters(self) -> dict[str, object]:
        """As a statement takes them."""
        return {
            **self.chosen,
            "words": self.words,
            "sort": self.sort,
            "limit": self.limit,
            "offset": self.offset,
        }
