"""What a person means by a reply: the first words of an SMS or e-mail, in English and German.

It reads words that were agreed on ("reply OFF", "reply STOP") with what people write around them, and nothing else: a
sentence that merely holds such a word is for a person to read.
"""

import enum
import re

#: So much of a reply is looked at.
LOOK_CHARACTERS = 500


class Meaning(enum.StrEnum):
    """What is asked for."""

    #: Still, or again, without supply.
    OFF = "off"
    #: To be left in peace (CTIA, and what carriers and mail providers use).
    STOP = "stop"
    #: A person has to read it.
    OTHER = "other"


_OFF = frozenset(
    {"off", "out", "power off", "power out", "no power", "no electricity", "still no power", "without power"}
    | {"aus", "strom aus", "kein strom", "keinen strom", "strom weg", "ohne strom", "stromausfall"}
)
_STOP = frozenset(
    {"stop", "stopp", "stopall", "stop all", "unsubscribe", "unsubscribe me", "quit", "end", "cancel", "opt out"}
    | {"abmelden", "abbestellen", "abmeldung", "austragen", "keine nachrichten", "keine mails"}
    | {"keine e mails", "keine emails", "keine sms"}
)
#: Said around it without changing it.
_AROUND = frozenset(
    {
        "hi",
        "hello",
        "hallo",
        "dear",
        "please",
        "pls",
        "bitte",
        "thanks",
        "thank",
        "you",
        "danke",
        "now",
        "jetzt",
        "sofort",
    }
    | {"still", "again", "noch", "immer", "wieder", "weiterhin", "nach", "wie", "vor", "mehr"}
    | {
        "the",
        "my",
        "our",
        "is",
        "we",
        "i",
        "have",
        "are",
        "it",
        "s",
        "der",
        "mein",
        "unser",
        "ist",
        "wir",
        "ich",
        "haben",
        "habe",
    }
)
_WORD = re.compile(r"[^\W_]+")
#: Ends the first sentence.
_END = re.compile(r"[.!?;\n]")


def meant(text: str) -> Meaning:
    """Tell what a reply asks for by its first sentence; a greeting on a line of its own does not count."""
    for sentence in _END.split(text[:LOOK_CHARACTERS]):
        said = [word.casefold() for word in _WORD.findall(sentence)]
        for words in (said, [word for word in said if word not in _AROUND]):
            phrase = " ".join(words)
            if phrase in _STOP:
                return Meaning.STOP
            if phrase in _OFF:
                return Meaning.OFF
        if any(word not in _AROUND for word in said):
            return Meaning.OTHER
    return Meaning.OTHER
