"""What people mean by their replies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.flow import replies

OFF, STOP, OTHER = replies.Meaning

REPLIES = [
    ("OFF", OFF),
    ("off.", OFF),
    ("Still off!", OFF),
    ("It's still off, thanks", OFF),
    ("Hello,\nstill no power", OFF),
    ("We have no power", OFF),
    ("OFF\nsince this morning, please hurry", OFF),
    ("AUS", OFF),
    ("Immer noch aus", OFF),
    ("Hallo\n\nkein Strom!", OFF),
    ("Wir haben noch keinen Strom. Bitte melden", OFF),
    ("Strom ist wieder weg", OFF),
    ("STOP", STOP),
    (" stop. ", STOP),
    ("Stopp bitte", STOP),
    ("Please unsubscribe me", STOP),
    ("UNSUBSCRIBE\n\nAnn Smith", STOP),
    ("Bitte abmelden!", STOP),
    ("Keine E-Mails mehr bitte", STOP),
    ("abbestellen", STOP),
    ("", OTHER),
    ("   \n ", OTHER),
    ("Hello", OTHER),
    ("Thanks!", OTHER),
    ("Please stop by tomorrow", OTHER),
    ("When will the power be off again?", OTHER),
    ("Take off is at nine", OTHER),
    ("The end of the outage was fine", OTHER),
    ("Bitte nicht abmelden", OTHER),
    ("Strom ist wieder da", OTHER),
    ("My mother said: STOP", OTHER),
    ("A question. STOP", OTHER),
]


@pytest.mark.parametrize(("text", "meaning"), REPLIES)
def test_a_reply_means(text: str, meaning: replies.Meaning):
    assert replies.meant(text) is meaning


@given(st.text())
def test_any_text_means_something(text: str):
    assert replies.meant(text) in replies.Meaning


@given(st.sampled_from(["STOP", "OFF", "abmelden"]), st.text(max_size=50))
def test_what_stands_below_the_first_line_changes_nothing(word: str, below: str):
    assert replies.meant(f"{word}\n{below}") is replies.meant(word)
