"""What the portal's own buttons and headings say, in each language there are templates in; English for the others."""

from collections.abc import Mapping

import msgspec


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Every text of the portal that is not part of a communication."""

    language: str
    gone: str
    gone_help: str
    still_off: str
    still_off_help: str
    still_off_button: str
    noted: str
    manage: str
    unsubscribe: str
    unsubscribe_ask: str
    unsubscribe_done: str
    preferences: str
    preferences_help: str
    saved: str
    not_saved: str
    unreachable: str
    language_label: str
    paper: str
    paperless: str
    paperless_help: str
    topics: str
    may_reach: str
    owed: str
    no_ways: str
    first: str
    no_first: str
    save: str
    back: str
    channels: Mapping[str, str]
    categories: Mapping[str, str]


ENGLISH = Words(
    language="en",
    gone="This link leads nowhere",
    gone_help="It may be incomplete: please copy the whole address from the message, or call us.",
    still_off="Still without supply?",
    still_off_help="Tell us, and we look at your connection again.",
    still_off_button="My supply is still off",
    noted="Thank you. We have noted that you are still without supply.",
    manage="How we write to you",
    unsubscribe="Unsubscribe",
    unsubscribe_ask="You will get no more messages on this topic by e-mail:",
    unsubscribe_done="Done. You will get no more messages on this topic by e-mail. What the law or your contract makes"
    " us send you still comes.",
    preferences="How we write to you",
    preferences_help="Your choice holds from the next message on. Addresses are shortened, because this page opens for"
    " everyone who has its link. To change an address, please contact us.",
    saved="Saved. It holds from the next message on.",
    not_saved="Nothing was changed. Please check what you chose and try again.",
    unreachable="Nothing was changed: we could no longer reach you with what your contract makes us send. Please leave"
    " at least one way open for each topic marked as part of your contract.",
    language_label="Language",
    paper="Paper",
    paperless="No letters on paper",
    paperless_help="Only what the law makes us post still comes as a letter.",
    topics="Topics",
    may_reach="You may reach me by",
    owed="Part of your contract.",
    no_ways="We have no address of yours for this topic.",
    first="First choice",
    no_first="whatever fits best",
    save="Save",
    back="Back to the message",
    channels={"email": "E-mail", "sms": "Text message", "push": "App", "letter": "Letter", "portal": "Customer portal"},
    categories={
        "outage": "Power cuts",
        "billing": "Bills",
        "account": "Contract and account",
        "marketing": "Offers and advice",
        "maintenance": "Maintenance",
        "case": "Requests and claims",
    },
)

GERMAN = Words(
    language="de",
    gone="Dieser Link führt nirgendwohin",
    gone_help="Vielleicht ist er unvollständig: Bitte kopieren Sie die ganze Adresse aus der Nachricht, oder rufen Sie"
    " uns an.",
    still_off="Noch immer kein Strom?",
    still_off_help="Sagen Sie es uns, dann prüfen wir Ihren Anschluss noch einmal.",
    still_off_button="Mein Strom ist noch weg",
    noted="Danke. Wir haben vermerkt, dass Sie noch keinen Strom haben.",
    manage="Wie wir Ihnen schreiben",
    unsubscribe="Abmelden",
    unsubscribe_ask="Zu diesem Thema bekommen Sie dann keine E-Mails mehr:",
    unsubscribe_done="Erledigt. Zu diesem Thema bekommen Sie keine E-Mails mehr. Was wir Ihnen nach Gesetz oder Vertrag"
    " schicken müssen, kommt weiterhin.",
    preferences="Wie wir Ihnen schreiben",
    preferences_help="Ihre Wahl gilt ab der nächsten Nachricht. Adressen sind gekürzt, weil jeder diese Seite öffnen"
    " kann, der ihren Link hat. Um eine Adresse zu ändern, wenden Sie sich bitte an uns.",
    saved="Gespeichert. Es gilt ab der nächsten Nachricht.",
    not_saved="Es wurde nichts geändert. Bitte prüfen Sie Ihre Auswahl und versuchen Sie es noch einmal.",
    unreachable="Es wurde nichts geändert: Was wir Ihnen nach Ihrem Vertrag schicken müssen, käme nicht mehr an. Bitte"
    " lassen Sie für jedes Thema, das zu Ihrem Vertrag gehört, mindestens einen Weg offen.",
    language_label="Sprache",
    paper="Papier",
    paperless="Keine Briefe auf Papier",
    paperless_help="Nur was wir nach dem Gesetz mit der Post schicken müssen, kommt weiterhin als Brief.",
    topics="Themen",
    may_reach="Sie dürfen mich erreichen per",
    owed="Gehört zu Ihrem Vertrag.",
    no_ways="Für dieses Thema haben wir keine Adresse von Ihnen.",
    first="Am liebsten",
    no_first="wie es am besten passt",
    save="Speichern",
    back="Zurück zur Nachricht",
    channels={"email": "E-Mail", "sms": "SMS", "push": "App", "letter": "Brief", "portal": "Kundenportal"},
    categories={
        "outage": "Stromausfälle",
        "billing": "Rechnungen",
        "account": "Vertrag und Konto",
        "marketing": "Angebote und Tipps",
        "maintenance": "Wartung",
        "case": "Anfragen und Reklamationen",
    },
)

_BY_LANGUAGE = {words.language: words for words in (ENGLISH, GERMAN)}


def of(language: str) -> Words:
    """The texts for a language tag (BCP 47)."""
    return _BY_LANGUAGE.get(language.partition("-")[0].lower(), ENGLISH)
