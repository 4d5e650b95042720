"""The names of items in the library."""

import msgspec

from signalpost.vocabulary import library, records

SEGMENT = library.Segment(name="vulnerable", title="Needs care", condition="party.facts.needs_care")


def test_an_item_is_kept_under_its_kind_and_name():
    assert library.key(SEGMENT) == library.Key(kind=library.Kind.SEGMENT, name="vulnerable")


def test_every_kind_has_a_record_of_its_own_that_is_read_back_by_its_tag():
    assert set(library.RECORDS) == set(library.Kind)
    assert len(set(library.RECORDS.values())) == len(library.Kind)
    assert msgspec.json.decode(records.canonical(SEGMENT), type=library.Item) == SEGMENT


def test_a_version_is_named_by_what_it_says():
    other = library.Segment(name="vulnerable", title="Needs care", condition="party.facts.is_old")
    assert library.digest(SEGMENT) == records.digest(records.canonical(SEGMENT)) != library.digest(other)
