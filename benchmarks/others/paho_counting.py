"""The peer of the MQTT listener: paho as it comes, counting: `python -m benchmarks.others.paho_counting PORT COUNT`.

Subscribes and says so, waits for a line, then counts what its session holds and says how long that took.
"""

import json
import sys
import time

from paho.mqtt import client as paho
from paho.mqtt import enums, packettypes, properties
from tests.peers import processes

from benchmarks import figures


def _client(port: int) -> paho.Client:
    client = paho.Client(enums.CallbackAPIVersion.VERSION2, client_id="peer", protocol=enums.MQTTProtocolVersion.MQTTv5)
    wished = properties.Properties(packettypes.PacketTypes.CONNECT)
    wished.SessionExpiryInterval = 3600
    wished.ReceiveMaximum = 20_000

    def on_connect(client: paho.Client, data: object, flags: object, reason: object, given: object) -> None:
        del data, flags, reason, given
        client.subscribe("meters/+/events", 1)

    client.on_connect = on_connect
    client.connect(processes.LOOPBACK, port, clean_start=False, properties=wished)
    return client


def main() -> None:
    """Subscribe; then count."""
    port, count = int(sys.argv[1]), int(sys.argv[2])
    first = _client(port)

    def on_subscribe(client: paho.Client, data: object, mid: object, reasons: object, given: object) -> None:
        del data, mid, reasons, given
        client.disconnect()

    first.on_subscribe = on_subscribe
    first.loop_forever()
    print("subscribed", flush=True)
    sys.stdin.readline()
    figures.keep_to(figures.OWN)
    left = [count]
    began: list[float] = []
    client = _client(port)

    def on_message(client: paho.Client, data: object, message: paho.MQTTMessage) -> None:
        del data, message
        if not began:
            began.append(time.monotonic())
        left[0] -= 1
        if not left[0]:
            client.disconnect()

    client.on_message = on_message
    client.loop_forever()
    print(json.dumps({"seconds": time.monotonic() - began[0]}), flush=True)


if __name__ == "__main__":
    main()
