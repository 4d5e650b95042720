"""The utility of the demo: 2,000 customers in three areas, the same ones every time.

Made up, reproducible, and with everything that makes real customers difficult: households of two, people with two
meters, no telephone, no e-mail, letters only, two languages, addresses that bounce, quiet hours, people who want no
letters, and one who must be left in peace.
"""

import random
from collections.abc import Mapping, Sequence

import msgspec

#: The same town every time.
SEED = 8320
CUSTOMERS = 2000

#: Name, reference, number of meters, centre (longitude, latitude) and half the width of each area.
_AREAS = (
    ("Nordhafen", "HARBOUR", 1000, (9.985, 53.540), 0.018),
    ("Altstadt", "OLDTOWN", 620, (10.030, 53.556), 0.015),
    ("Uferviertel", "RIVERSIDE", 500, (9.950, 53.580), 0.014),
)

_STREETS = ("Quay Street", "Mill Lane", "Station Road", "Linden Avenue", "Market Square", "Harbour Walk", "Elm Road")
_STRASSEN = ("Hafenstraße", "Mühlenweg", "Bahnhofstraße", "Lindenallee", "Marktplatz", "Am Kai", "Ulmenweg")
_FIRST = (
    "Ada",
    "Ben",
    "Clara",
    "David",
    "Elif",
    "Femi",
    "Greta",
    "Hassan",
    "Ines",
    "Jonas",
    "Katarzyna",
    "Liam",
    "Mei",
    "Noah",
    "Olga",
    "Paul",
    "Quinn",
    "Rosa",
    "Samir",
    "Tilda",
    "Umut",
    "Vera",
    "Wiktor",
    "Xenia",
    "Yusuf",
    "Zoë",
    "Łukasz",
    "Siobhán",
    "Jürgen",
    "Çiğdem",
)
_LAST = (
    "Adler",
    "Brandt",
    "Chowdhury",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Hoffmann",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Meyer",
    "Novák",
    "Okafor",
    "Petrov",
    "Quist",
    "Romano",
    "Schäfer",
    "Taylor",
    "Ünal",
    "Vogel",
    "Weber",
    "Xu",
    "Yılmaz",  # noqa: RUF001 - a Turkish name
    "Zimmermann",
    "O'Neill",
    "Müller-Lüdenscheidt",
)

#: Shares of the customers, in the order in which they are drawn.
_WITHOUT_PHONE = 0.12
_WITHOUT_EMAIL = 0.15
_GERMAN = 0.5
_COUPLES = 0.06
_TWO_METERS = 0.06
_DEAD_NUMBERS = 0.01
_DEAD_MAILBOXES = 0.01
_PREFERS_EMAIL = 0.3
_NO_LETTERS = 0.1
_BARRED = 0.002
#: What the SMS centre and the mail server of the demo answer with "unknown".
DEAD_NUMBER_PREFIX = "+4915999"
DEAD_MAILBOX_PREFIX = "gone."


class Town(msgspec.Struct, frozen=True, kw_only=True):
    """Master data by table, in the order in which it is stored."""

    tables: Mapping[str, Sequence[Mapping[str, object]]]

    def meters(self, area: str) -> list[str]:
        """The meters of an area, in order."""
        premises = {row["ref"] for row in self.tables["premise"] if row["area"] == area}
        return [str(row["ref"]) for row in self.tables["device"] if row["premise"] in premises]


def build() -> Town:
    """Make the town."""
    draw = random.Random(SEED)  # noqa: S311 - the same town every time, nothing secret
    tables: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("area", "premise", "customer", "account", "contact_point", "preference", "device")
    }
    number = 0
    couples_left = 0
    for name, area, meters, (longitude, latitude), half in _AREAS:
        corners = [(-1, -1), (1, -0.8), (0.9, 1), (-0.8, 0.9)]
        outline = [[longitude + x * half, latitude + y * half * 0.6] for x, y in corners]
        tables["area"].append({"ref": area, "name": name, "outline": outline})
        made = 0
        while made < meters:
            number += 1
            count = 2 if draw.random() < _TWO_METERS and made + 2 <= meters else 1
            household = f"H{number:05d}"
            for part in range(count):
                made += 1
                point = (longitude + draw.uniform(-0.7, 0.7) * half, latitude + draw.uniform(-0.4, 0.4) * half)
                _premise(draw, tables, f"P{number:05d}{'ab'[part]}", area, point, made)
            _customer(draw, tables, number, household, [f"P{number:05d}{'ab'[part]}" for part in range(count)])
            if draw.random() < _COUPLES:
                couples_left += 1
                _partner(draw, tables, number, household)
    _staff(tables)
    return Town(tables=tables)


_Tables = dict[str, list[dict[str, object]]]


def _premise(draw: random.Random, tables: _Tables, ref: str, area: str, point: tuple[float, float], meter: int) -> None:
    street = draw.choice(_STRASSEN)
    tables["premise"].append(
        {
            "ref": ref,
            "area": area,
            "lines": [f"{street} {draw.randint(1, 180)}"],
            "postcode": f"2{draw.randint(0, 9999):04d}",
            "locality": "Hamburg",
            "country": "DE",
            "time_zone": "Europe/Berlin",
            "longitude": round(point[0], 6),
            "latitude": round(point[1], 6),
        }
    )
    tables["device"].append({"ref": f"{area[:3]}-{meter:05d}", "type": "meter", "premise": ref})


def _customer(draw: random.Random, tables: _Tables, number: int, household: str, premises: Sequence[str]) -> None:
    ref = f"C{number:05d}"
    _person(draw, tables, ref, household)
    tables["account"].extend(
        {
            "ref": f"AC{number:05d}{'ab'[place]}",
            "customer": ref,
            "premise": premise,
            "facts": '{"product":"Green Day"}',
        }
        for place, premise in enumerate(premises)
    )
    _contact_points(draw, tables, ref, number, premises[0])


def _partner(draw: random.Random, tables: _Tables, number: int, household: str) -> None:
    ref = f"C{number:05d}p"
    _person(draw, tables, ref, household)
    premise = f"P{number:05d}a"
    tables["account"].append({"ref": f"AC{number:05d}p", "customer": ref, "premise": premise})
    _contact_points(draw, tables, ref, 50000 + number, premise)


def _person(draw: random.Random, tables: _Tables, ref: str, household: str) -> None:
    first, last = draw.choice(_FIRST), draw.choice(_LAST)
    is_german = draw.random() < _GERMAN
    tables["customer"].append(
        {
            "ref": ref,
            "name": f"{first} {last}",
            "salutation": f"{first} {last}",
            "household": household,
            "language": "de" if is_german else "en",
            "time_zone": "Europe/Berlin",
            "is_barred": draw.random() < _BARRED,
        }
    )


def _contact_points(draw: random.Random, tables: _Tables, ref: str, number: int, premise: str) -> None:
    points = tables["contact_point"]
    person = tables["customer"][-1]
    has_phone = draw.random() >= _WITHOUT_PHONE
    has_email = draw.random() >= _WITHOUT_EMAIL
    if has_phone:
        prefix = DEAD_NUMBER_PREFIX if draw.random() < _DEAD_NUMBERS else "+4915100"
        points.append({"ref": f"{ref}-sms", "customer": ref, "channel": "sms", "address": f"{prefix}{number:06d}"})
    if has_email:
        local = f"{DEAD_MAILBOX_PREFIX if draw.random() < _DEAD_MAILBOXES else ''}{ref.lower()}"
        points.append({"ref": f"{ref}-email", "customer": ref, "channel": "email", "address": f"{local}@mail.example"})
    home = next(row for row in tables["premise"] if row["ref"] == premise)
    postal = {
        "lines": home["lines"],
        "postcode": home["postcode"],
        "locality": home["locality"],
        "region": "",
        "country": "DE",
    }
    points.append({"ref": f"{ref}-letter", "customer": ref, "channel": "letter", "postal": postal})
    prefers_email = draw.random() < _PREFERS_EMAIL
    refuses_letters = draw.random() < _NO_LETTERS and (has_phone or has_email)
    if prefers_email or refuses_letters:
        tables["preference"].append(
            {
                "customer": ref,
                "category": "",
                "channels": ["email"] if prefers_email else [],
                "refused": ["letter"] if refuses_letters else [],
            }
        )
    del person


def _staff(tables: _Tables) -> None:
    tables["customer"].append(
        {
            "ref": "STAFF-OPS",
            "kind": "staff",
            "role": "operations",
            "name": "Operations desk",
            "household": "STAFF-OPS",
            "language": "en",
            "time_zone": "Europe/Berlin",
        }
    )
    tables["contact_point"].append(
        {
            "ref": "STAFF-OPS-email",
            "customer": "STAFF-OPS",
            "channel": "email",
            "address": "operations@northgrid.example",
        }
    )
    tables["customer"].append(
        {
            "ref": "SYSTEM-ERP",
            "kind": "system",
            "name": "Business platform",
            "household": "SYSTEM-ERP",
            "language": "en",
            "time_zone": "UTC",
        }
    )
