"""Meters that publish over MQTT 3.1.1, QoS 1: `python -m benchmarks.others.meters PORT COUNT KIND`.

Says how long it took from the first to the last that the broker took, and when that was.
"""

import datetime as dt
import json
import socket
import struct
import sys
import time

from tests.peers import processes

#: Messages on their way at once.
WINDOW_MESSAGES = 500


def main() -> None:
    """Publish one message of each of COUNT meters."""
    port, count, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    link = socket.create_connection((processes.LOOPBACK, port))
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.sendall(_packet(0x10, _text("MQTT") + bytes([4, 2, 0, 120]) + _text(f"meters-{kind}")))
    if link.recv(4)[3]:
        sys.exit("the broker refused the connection")
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    packets = [_packet(0x32, _message(meter, kind, now)) for meter in range(count)]
    started = time.monotonic()
    sent, octets = 0, 0
    while octets < 4 * count:
        room = WINDOW_MESSAGES - (sent - octets // 4)
        if room > 0 and sent < count:
            link.sendall(b"".join(packets[sent : sent + room]))
            sent = min(count, sent + room)
        octets += len(link.recv(65_536))
    ended = time.monotonic()
    print(json.dumps({"seconds": ended - started, "ended_at": ended}), flush=True)


def _message(meter: int, kind: str, now: str) -> bytes:
    said = {"id": f"M-{meter}", "ts": now, "ev": kind, "v": 11.5, "n": meter}
    body = json.dumps(said, separators=(",", ":")).encode()
    return _text(f"meters/M-{meter}/events") + struct.pack("!H", meter % 60_000 + 1) + body


def _text(text: str) -> bytes:
    return struct.pack("!H", len(text)) + text.encode()


def _packet(first: int, body: bytes) -> bytes:
    size, length = len(body), bytearray()
    while True:
        size, low = size >> 7, size & 0x7F
        length.append(low | (0x80 if size else 0))
        if not size:
            return bytes([first]) + length + body


if __name__ == "__main__":
    main()
