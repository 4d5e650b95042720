"""Several relays on the whole path: the outage of one is nobody's outage, and everyone sees it."""

import msgspec
from tests.channels import mail_servers, test_smtp
from tests.path.test_documents import bill
from tests.path.world import World

from signalpost.channels import smtp
from signalpost.store import traffic


def test_the_outage_of_a_relay_is_taken_over_noted_and_over_again(world: World):
    with mail_servers.aiosmtpd() as first, mail_servers.aiosmtpd() as second:
        names = [f"127.0.0.1:{server.port}" for server in (first, second)]
        relays = (test_smtp.to(first.port), test_smtp.to(second.port))
        workers = [
            smtp.Smtp(test_smtp.config(relays[0], name="email", relays=relays), traffic.Traffic()) for _ in range(2)
        ]

        def bill_to_cem(number: int, worker: int) -> str:
            """Send a bill by one of two workers; the relay that took it."""
            world.parts = msgspec.structs.replace(world.parts, channels={**world.channels, "email": workers[worker]})
            world.event("billing.closed", "A-cem-M-04", bill(), name=f"b-{number}")
            sql = "SELECT provider FROM attempt WHERE kind = 'accepted' ORDER BY id DESC LIMIT 1"
            [[provider]] = world.rows(sql, tuple[str])
            return str(provider)

        assert bill_to_cem(1, 0) == names[0]
        first.die()
        assert bill_to_cem(2, 0) == names[1]
        failures = {one.name: (one.failures, bool(one.detail)) for one in traffic.providers()}
        assert failures == {names[0]: (1, True), names[1]: (0, False)}

        # The other worker knows without having tried; then the rest is over, and its batch is the probe.
        first.revive()
        assert bill_to_cem(3, 1) == names[1]
        world.change("UPDATE provider SET rests_until = now() WHERE failures > 0")
        assert bill_to_cem(4, 1) == names[0]
        assert [one.failures for one in traffic.providers()] == [0, 0]
        for worker in workers:
            worker.close()
        assert (first.taken(), second.taken()) == (2, 2)
