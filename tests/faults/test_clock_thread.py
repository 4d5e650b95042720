"""The supervisor's clock outlives its connection; without a clock the supervisor does not pretend to live."""

import datetime as dt

import psycopg
import pytest
from django import db
from tests.faults.test_leases import database_url
from tests.path.world import World

from signalpost.store import batch
from signalpost.work import supervisor

LOOK_SECONDS = 0.01
#: Looks after which a clock that sees nothing is given up.
LOOKS_MOST = 200


def test_the_clock_looks_on_after_its_connection_broke(world: World):
    del world
    seen: list[int] = []
    looks: list[dt.datetime] = []
    chief = supervisor.Supervisor([])

    def look(now: dt.datetime) -> None:
        looks.append(now)
        if len(set(seen)) > 1 or len(looks) > LOOKS_MOST:
            chief.stop()
            db.connections.close_all()
            return
        ((pid,),) = batch.fetch("SELECT pg_backend_pid()", [], tuple[int])
        seen.append(pid)
        with psycopg.connect(database_url(), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])

    chief.run(look, every_seconds=LOOK_SECONDS)

    assert len(set(seen)) > 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_supervisor_whose_clock_has_ended_ends(world: World):
    del world
    chief = supervisor.Supervisor([])

    def look(now: dt.datetime) -> None:
        raise ValueError(str(now))

    with pytest.raises(RuntimeError, match="clock"):
        chief.run(look, every_seconds=LOOK_SECONDS)
