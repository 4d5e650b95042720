"""Make an installation in a data folder ready: tables, a small town, the playbooks, access; says the access as JSON.

A process of its own, because the process of the tests has another database.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence

from signalpost import settings, wiring

HOUSEHOLDS = 60
#: The channels of a household, in turns.
CHANNELS = (("sms", "email"), ("email",), ("letter",), ("sms",))


def channels_of(number: int) -> tuple[str, ...]:
    return CHANNELS[number % len(CHANNELS)]


def phone(number: int) -> str:
    return f"+4915100{number:06d}"


def tables() -> Mapping[str, Sequence[Mapping[str, object]]]:
    home = {"lines": ["Hafenstraße 1"], "postcode": "20457", "locality": "Hamburg", "country": "DE"}
    numbers = range(HOUSEHOLDS)
    return {
        "area": [{"ref": "HARBOUR", "name": "Harbour Quarter"}],
        "premise": [
            home | {"ref": f"P-{number}", "area": "HARBOUR", "time_zone": "UTC", "longitude": 9.98, "latitude": 53.54}
            for number in numbers
        ],
        "customer": [_party(f"C-{number}", "person") for number in numbers] + [_party("SYSTEM-ERP", "system")],
        "account": [
            {"ref": f"A-{number}", "customer": f"C-{number}", "premise": f"P-{number}", "facts": '{"product":"Day"}'}
            for number in numbers
        ],
        "contact_point": [
            {
                "ref": f"C-{number}-{channel}",
                "customer": f"C-{number}",
                "channel": channel,
                "address": {"sms": phone(number), "email": f"c{number}@mail.example", "letter": ""}[channel],
                "postal": (home | {"region": ""}) if channel == "letter" else None,
            }
            for number in numbers
            for channel in channels_of(number)
        ],
        "device": [{"ref": f"M-{number}", "type": "meter", "premise": f"P-{number}"} for number in numbers],
    }


def _party(ref: str, kind: str) -> dict[str, object]:
    return {
        "ref": ref,
        "kind": kind,
        "role": "",
        "name": ref,
        "salutation": ref,
        "household": ref,
        "language": "en",
        "time_zone": "UTC",
    }


def main() -> None:
    wiring.set_up(settings.load(os.environ))
    from django.db import transaction  # noqa: PLC0415 - Django is set up by now

    from signalpost.acts import access, operate  # noqa: PLC0415
    from signalpost.playbooks import load  # noqa: PLC0415
    from signalpost.store import endpoints, parties, schema  # noqa: PLC0415

    schema.make_ready()
    with transaction.atomic():
        for table, rows in tables().items():
            parties.save(table, rows)
    operate.install([load.load(folder) for folder in load.BUILT_IN], author="ann", approver="bob")
    operate.register_endpoint(
        endpoints.Endpoint(
            ref="EP-1", system="SYSTEM-ERP", url=sys.argv[1], secret=sys.argv[2], wants=["accepted"], owner=""
        )
    )
    client = access.make_client("platform", scopes=["events:write"])
    sys.stdout.write(json.dumps({"client_id": client.client_id, "secret": client.secret}))


if __name__ == "__main__":
    main()
