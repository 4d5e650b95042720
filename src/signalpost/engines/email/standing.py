"""What of a manuscript stands in an e-mail, each block with its place as a JSON Pointer (RFC 6901)."""

from collections.abc import Iterator
from typing import NamedTuple

from signalpost.vocabulary import manuscripts, parties


class Placed(NamedTuple):
    """A block with its place in the manuscript."""

    path: str
    block: manuscripts.Block


def flow(blocks: tuple[manuscripts.Block, ...], path: str = "/blocks") -> Iterator[Placed]:
    """The blocks that stand below each other: an e-mail has no pages on which to keep any, and shows its own alone."""
    for index, block in enumerate(blocks):
        at = f"{path}/{index}"
        match block:
            case manuscripts.Keep():
                yield from flow(block.blocks, f"{at}/blocks")
            case manuscripts.Only():
                if parties.ChannelKind.EMAIL in block.channels:
                    yield from flow(block.blocks, f"{at}/blocks")
            case _:
                yield Placed(at, block)


def column(path: str, index: int, part: manuscripts.ColumnsPart) -> Iterator[Placed]:
    """The blocks of one column of the `Columns` at a path."""
    return flow(part.blocks, f"{path}/columns/{index}/blocks")


def everything(blocks: tuple[manuscripts.Block, ...]) -> Iterator[Placed]:
    """Every block that stands, in reading order, columns before what stands in them."""
    for path, block in flow(blocks):
        yield Placed(path, block)
        if isinstance(block, manuscripts.Columns):
            for index, part in enumerate(block.columns):
                yield from column(path, index, part)


def has_title(blocks: tuple[manuscripts.Block, ...]) -> bool:
    """Whether a heading of level 1 stands among the blocks."""
    return any(isinstance(block, manuscripts.Heading) and block.level == 1 for _, block in everything(blocks))
