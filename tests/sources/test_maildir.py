"""The listener for a Maildir, written to as a mail server does."""

import mailbox
import pathlib

import pytest
from tests.sources import listening

from signalpost import settings as table
from signalpost.sources import built_in, maildir

MAIL = b"From: mx@example.net\nSubject: Undelivered\n\nNobody there.\n"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maildir, "LOOK_SECONDS", 0.02)


def names(folder: pathlib.Path, part: str) -> list[str]:
    return sorted(path.name for path in (folder / part).iterdir())


def test_mail_is_handed_over_and_marked_as_seen(tmp_path: pathlib.Path):
    box = mailbox.Maildir(tmp_path / "box")
    key = box.add(MAIL)
    with listening.Running(maildir.Maildir(tmp_path / "box")) as running:
        [raw] = running.wait_for(1)
        box.add(MAIL.replace(b"Nobody", b"Anybody"))
        running.wait_for(2)
    assert (raw.channel, raw.content_type, raw.body) == ("maildir", "message/rfc822", MAIL)
    assert raw.headers == (("file", key),)
    assert names(tmp_path / "box", "new") == []
    assert {message.get_flags() for message in mailbox.Maildir(tmp_path / "box")} == {"S"}


def test_mail_that_could_not_be_stored_stays_and_comes_again(tmp_path: pathlib.Path):
    mailbox.Maildir(tmp_path / "box").add(MAIL)
    with listening.Running(maildir.Maildir(tmp_path / "box"), failures=2) as running:
        running.wait_for(1)
        assert [len(batch) for batch in running.failed] == [1, 1]
    assert len(running.stored) == 1


def test_long_mail_is_cut_and_folders_are_left_alone(tmp_path: pathlib.Path):
    mailbox.Maildir(tmp_path / "box").add(MAIL + b"x" * (maildir.MAIL_BYTES + 1))
    (tmp_path / "box" / "new" / "a-folder").mkdir()
    with listening.Running(maildir.Maildir(tmp_path / "box")) as running:
        [raw] = running.wait_for(1)
    assert len(raw.body) == maildir.MAIL_BYTES
    assert names(tmp_path / "box", "new") == ["a-folder"]


def test_mail_that_another_reader_moved_meanwhile_is_no_failure(tmp_path: pathlib.Path):
    box = mailbox.Maildir(tmp_path / "box")
    key = box.add(MAIL)
    with listening.Running(maildir.Maildir(tmp_path / "box")) as running:
        running.wait_for(1)
    running = listening.Running(maildir.Maildir(tmp_path / "box"))
    box.add(MAIL)
    running.gate.clear()
    with running:
        for path in (tmp_path / "box" / "new").iterdir():
            path.unlink()
        running.gate.set()
        box.add(MAIL)
        running.wait_for(1)
    assert key not in names(tmp_path / "box", "new")


def test_a_missing_folder_is_made(tmp_path: pathlib.Path):
    with listening.Running(maildir.Maildir(tmp_path / "none" / "box")):
        pass
    assert sorted(path.name for path in (tmp_path / "none" / "box").iterdir()) == ["cur", "new", "tmp"]


def test_the_settings_make_the_listener(tmp_path: pathlib.Path):
    source = built_in.build(table.Settings(returns_maildir=str(tmp_path)))["maildir"]
    assert source.name == "maildir"
