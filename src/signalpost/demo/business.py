"""What the demo's operations desk and its billing post: CloudEvents 1.0, always the same ones for the same town."""

import datetime as dt
import decimal
from collections.abc import Mapping, Sequence

from signalpost.demo import town

BILLS = 30
CONTRACT_CHANGES = 8
ACCOUNT_NEWS = 7
#: The area whose customers get documents.
AREA = "OLDTOWN"

_ENERGY_PRICE = decimal.Decimal("0.3245")
_DAY_PRICE = decimal.Decimal("0.3200")
_VAT_PERCENT = decimal.Decimal(19)
_CENT = decimal.Decimal("0.01")
_DAYS = 31

Event = Mapping[str, object]


def estimate(area: str, restoration_at: dt.datetime, *, name: str, now: dt.datetime) -> Event:
    """Operations state when power is due back in an area."""
    data = {"restoration_at": restoration_at.isoformat(timespec="seconds")}
    return _event("operations", name, "incident.estimate", area, data, now=now)


def actions(area: str, codes: Sequence[str], *, name: str, now: dt.datetime) -> Event:
    """Crews report what had happened and what they did."""
    return _event("operations", name, "incident.actions", area, {"codes": list(codes)}, now=now)


def resolved(incident: str, *, name: str, now: dt.datetime) -> Event:
    """Operations end an incident."""
    return _event("operations", name, "incident.resolved", incident, {}, now=now)


def accounts(given: town.Town) -> list[str]:
    """The accounts that business events are about, in order."""
    premises = {str(row["ref"]) for row in given.tables["premise"] if row["area"] == AREA}
    found = [str(row["ref"]) for row in given.tables["account"] if row["premise"] in premises]
    return found[: BILLS + CONTRACT_CHANGES + ACCOUNT_NEWS]


def month(given: town.Town, *, run: str, now: dt.datetime) -> list[Event]:
    """The closing of a month: bills, changes of contracts, news about accounts.

    Args:
        given: The town.
        run: Part of every event's name: another run is another month.
        now: The time of the events.
    """
    found = accounts(given)
    bills, changes = found[:BILLS], found[BILLS : BILLS + CONTRACT_CHANGES]
    news = found[BILLS + CONTRACT_CHANGES :]
    due_on = (now + dt.timedelta(days=14)).date().isoformat()
    return [
        *(
            _event("billing", f"{run}-bill-{place}", "billing.closed", account, _bill(account, place, now), now=now)
            for place, account in enumerate(bills)
        ),
        *(
            _event(
                "crm",
                f"{run}-contract-{place}",
                "contract.changed",
                account,
                {
                    "change": "tariff",
                    "effective_on": due_on,
                    "reference": f"V-{place:02d}-0417",
                    "tariff": "Green Day 24",
                    "monthly": _euro(decimal.Decimal(80 + place)),
                    "withdraw_until": due_on,
                },
                now=now,
            )
            for place, account in enumerate(changes)
        ),
        *(
            _event(
                "crm",
                f"{run}-news-{place}",
                "account.status",
                account,
                {"status": "payment_overdue", "amount": _euro(decimal.Decimal("119.63")), "due_on": due_on},
                now=now,
            )
            for place, account in enumerate(news)
        ),
    ]


def _bill(account: str, place: int, now: dt.datetime) -> Mapping[str, object]:
    last = now.date().replace(day=1) - dt.timedelta(days=1)
    usage = 180 + 17 * place
    energy = (usage * _ENERGY_PRICE).quantize(_CENT)
    base = (_DAYS * _DAY_PRICE).quantize(_CENT)
    net = energy + base
    vat = (net * _VAT_PERCENT / 100).quantize(_CENT)
    bill = f"R-{last:%Y-%m}-{place:04d}"
    return {
        "bill": bill,
        "period_from": last.replace(day=1).isoformat(),
        "period_to": last.isoformat(),
        "due_on": (now + dt.timedelta(days=14)).date().isoformat(),
        "usage_kwh": usage,
        "usage_before_kwh": usage + 12 - place,
        "lines": [
            {
                "code": "energy",
                "quantity": str(usage),
                "unit": "kwh",
                "price": _euro(_ENERGY_PRICE),
                "amount": _euro(energy),
            },
            {
                "code": "base_fee",
                "quantity": str(_DAYS),
                "unit": "day",
                "price": _euro(_DAY_PRICE),
                "amount": _euro(base),
            },
        ],
        "net": _euro(net),
        "vat_percent": str(_VAT_PERCENT),
        "vat": _euro(vat),
        "total": _euro(net + vat),
        "payment": {
            "method": "transfer",
            "payee": "Stadtwerke Musterstadt",
            "iban": "DE02120300000000202051",
            "bic": "BYLADEM1001",
            "reference": f"{bill} / {account}",
        },
    }


def _euro(amount: decimal.Decimal) -> Mapping[str, str]:
    return {"amount": str(amount), "currency": "EUR"}


def _event(source: str, name: str, kind: str, subject: str, data: Mapping[str, object], *, now: dt.datetime) -> Event:
    return {
        "specversion": "1.0",
        "source": source,
        "id": name,
        "type": kind,
        "subject": subject,
        "time": now.isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": data,
    }
