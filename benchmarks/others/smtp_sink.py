"""An SMTP server that takes everything and notes when: `python -m benchmarks.others.smtp_sink FILE`.

Says its port, then writes "moment recipient" to FILE for each message, the moment by the clock all processes share.
"""

import asyncio
import pathlib
import sys
import time
from typing import IO, cast

from tests.peers import processes

_HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 50000000\r\n"
_END = b"\r\n.\r\n"


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, notes: IO[str]) -> None:
        self._notes = notes
        self._rest = b""
        self._is_content = False
        self._recipient = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._rest += data
        answers: list[bytes] = []
        while True:
            mark = _END if self._is_content else b"\r\n"
            end = self._rest.find(mark)
            if end < 0:
                break
            found, self._rest = self._rest[:end], self._rest[end + len(mark) :]
            answers.append(self._taken() if self._is_content else self._asked(found))
        if answers:
            self._transport.write(b"".join(answers))

    def _taken(self) -> bytes:
        self._is_content = False
        self._notes.write(f"{time.monotonic()} {self._recipient}\n")
        self._notes.flush()
        return b"250 2.0.0 Ok: queued as SINK0001\r\n"

    def _asked(self, line: bytes) -> bytes:
        match line[:4].upper():
            case b"EHLO":
                return _HELLO
            case b"RCPT":
                self._recipient = line[line.find(b"<") + 1 : line.find(b">")].decode()
            case b"DATA":
                self._is_content = True
                return b"354 go\r\n"
            case b"QUIT":
                return b"221 bye\r\n"
            case _:
                pass
        return b"250 ok\r\n"


async def serve(notes: IO[str]) -> None:
    """Listen until ended."""
    server = await asyncio.get_running_loop().create_server(lambda: Session(notes), processes.LOOPBACK, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    """Note in the file that is named."""
    with pathlib.Path(sys.argv[1]).open("w", encoding="ascii") as notes:
        asyncio.run(serve(notes))


if __name__ == "__main__":
    main()
