"""A business platform that posts events: `python -m benchmarks.others.posting ORDER`, with the order as JSON.

Each connection is a thread that posts one request after the other. Says seconds, answers by status, and when each
request was begun, by the clock all processes share.
"""

import json
import socket
import sys
import threading
import time
import uuid
from collections import Counter

import msgspec
from tests.peers import processes


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to post, and how."""

    port: int
    token: str
    path: str
    #: Requests in all, and events in each.
    requests: int
    events: int
    connections: int
    type: str
    #: With `{}` for the number of the event.
    subject: str
    data: dict[str, object]
    #: Time between the starts of requests of one connection; 0 posts as fast as it is answered.
    pace_seconds: float = 0.0
    first: int = 0


def main() -> None:
    """Post what was ordered."""
    order = msgspec.json.decode(sys.argv[1], type=Order)
    run = uuid.uuid4().hex[:8]
    shares = [range(nth, order.requests, order.connections) for nth in range(order.connections)]
    bodies = [[_request(order, number, run) for number in share] for share in shares]
    statuses: Counter[str] = Counter()
    begun: list[float] = []
    threads = [threading.Thread(target=_post, args=(order, share, statuses, begun)) for share in bodies]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - started
    print(json.dumps({"seconds": seconds, "statuses": statuses, "begun": begun}), flush=True)


def _request(order: Order, number: int, run: str) -> bytes:
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    events = [
        {
            "specversion": "1.0",
            "id": f"{run}-{place}",
            "source": "platform",
            "type": order.type,
            "subject": order.subject.format(place),
            "time": at,
            "data": order.data,
        }
        for place in range(order.first + number * order.events, order.first + (number + 1) * order.events)
    ]
    kind = "application/cloudevents+json" if order.events == 1 else "application/cloudevents-batch+json"
    body = msgspec.json.encode(events[0] if order.events == 1 else events)
    head = (
        f"POST {order.path} HTTP/1.1\r\nHost: {processes.LOOPBACK}:{order.port}\r\n"
        f"Authorization: Bearer {order.token}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _post(order: Order, requests: list[bytes], statuses: "Counter[str]", begun: list[float]) -> None:
    link = socket.create_connection((processes.LOOPBACK, order.port))
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for request in requests:
        begun.append(started := time.monotonic())
        link.sendall(request)
        statuses[_answer(link)] += 1
        left = order.pace_seconds - (time.monotonic() - started)
        if order.pace_seconds and left > 0:
            time.sleep(left)
    link.close()


def _answer(link: socket.socket) -> str:
    """Status of one answer, which is read to its end."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _more(link)
    head, _, body = answer.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    wanted = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < wanted:
        body += _more(link)
    return head.split(b" ", 2)[1].decode()


def _more(link: socket.socket) -> bytes:
    chunk = link.recv(65_536)
    if not chunk:
        raise ConnectionError("the server closed the connection")
    return chunk


if __name__ == "__main__":
    main()
