"""Manuscripts that every engine's test lays out.

Functions, not constants, where a test wants its own reference. `ASSETS` holds the bytes of every image they show, by
digest; hand `ASSETS.get` to an engine that asks for assets.
"""
# ruff: noqa: RUF001 -- samples use the typographic characters a letter uses

import itertools
import struct
import zlib
from collections.abc import Sequence

import msgspec

from signalpost.vocabulary import manuscripts, parties, records
from signalpost.vocabulary.manuscripts import Alignment, Run

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    '<circle cx="32" cy="32" r="32" fill="#0b5563"/>'
    '<path d="M36 8 16 36h14l-4 20 22-30H33z" fill="#fff"/></svg>'
)


def _png(width: int, height: int) -> bytes:
    """A small picture: a gradient as 8-bit greyscale."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes((x * 255 // width + y) % 256 for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


PNG = _png(120, 60)
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60">'
    b'<path d="M0 60 40 10 70 40 90 22 120 60z" fill="#7a8b99"/></svg>'
)

#: Bytes of the images, by digest.
#: A file that goes with a message; nothing looks into it.
TERMS = b"General terms of supply, 2026\n" * 40
ASSETS: dict[str, bytes] = {records.digest(content): content for content in (PNG, SVG, TERMS)}

BRAND = manuscripts.Brand(
    name="Northlight Energy",
    imprint=(
        "Northlight Energy Ltd · 12 Harbour Road · Westhaven WH1 4DT",
        "Registered in Westhaven, No. 0042 4711 · VAT XX 123 456 789 · Directors: A. Sommer, B. Lind",
    ),
    return_address="Northlight Energy · 12 Harbour Road · Westhaven WH1 4DT",
    primary="#0b5563",
    on_primary="#ffffff",
    website="https://northlight.example",
    telephone="+44 20 7946 0100",
    logo_svg=LOGO,
)

LABELS = manuscripts.Labels(
    page="Page {page} of {pages}",
    date="Date",
    unsubscribe="Unsubscribe",
    web_view="View this message in your browser",
    tones=("Note", "Advice", "Warning", "Danger"),
)

LABELS_DE = manuscripts.Labels(
    page="Seite {page} von {pages}",
    date="Datum",
    unsubscribe="Abmelden",
    web_view="Diese Nachricht im Browser ansehen",
    tones=("Hinweis", "Tipp", "Warnung", "Gefahr"),
)

LABELS_AR = manuscripts.Labels(
    page="صفحة {page} من {pages}",
    date="التاريخ",
    unsubscribe="إلغاء الاشتراك",
    web_view="عرض هذه الرسالة في المتصفح",
    tones=("ملاحظة", "نصيحة", "تحذير", "خطر"),
)

#: Blocks that show something other than text, and say it.
Pictured = (manuscripts.Chart, manuscripts.Image, manuscripts.Barcode)

#: Markup of every language an engine speaks, which must come out as the characters it is. Latin script only.
LITERAL: tuple[str, ...] = (
    '#panic(1) #let x = 2 #import "@preview/a:1.0.0"',
    "{{ name }} {% if x %} {name} {0} %s ${HOME} `id`",
    "<script>alert(1)</script> & &amp; &#35; <br/> ]]> <!-- -->",
    "*strong* _emphasis_ ~tilde~ $x^2$ @ref <label> = heading - item + item / term: x",
    "back\\slash \\u{41} \\n 'single' \"double\" -- --- ... //comment /* comment */",
    "https://evil.example/?a=1&b=2#c [text](javascript:alert(1))",
    "=cmd|' /C calc'!A0 '; DROP TABLE customers; --",
    "]]) } ) ] $ \" ' ; : |",
    "Zoë Müller-Łukasiewicz Ærøskøbing Ğökçe Đặng İıß",
    "Αθηνά Παπαδοπούλου Юлия Щербакова Ґанна Їжакевич",
)

#: Texts that may come out literally or be refused, but never change, vanish or raise.
EXOTIC: tuple[str, ...] = (
    "",
    " ",
    "\u00a0",
    "line one\nline two\r\nline three\ttabbed",
    "null \x00 bell \x07 escape \x1b[31m",
    "bidi \u202eevil\u202c \u2066isolate\u2069",
    "zero\u200bwidth soft\u00adhyphen word\u2060joiner \ufeffmark",
    "e\u0301 combining o\u0308\u0323 stack " + "a" + "\u0300" * 40,
    "שלום עולם",
    "مرحبا بالعالم",
    "नमस्ते दुनिया",
    "สวัสดีชาวโลก",
    "你好，世界 こんにちは 안녕하세요",
    "emoji 👩‍👩‍👧‍👦 🇩🇪 ⚡",
    "private use \ue000 unassigned \U000e1234",
    "W" * 10_000,
    "word " * 2_000,
    "lone surrogate \ud800 end",
)


def runs(*texts: str) -> manuscripts.Runs:
    """Plain runs."""
    return tuple(Run(text=text) for text in texts)


def paragraph(*texts: str) -> manuscripts.Paragraph:
    """A paragraph of plain runs."""
    return manuscripts.Paragraph(runs=runs(*texts))


def heading(text: str, level: int = 2) -> manuscripts.Heading:
    """A heading of one plain run."""
    return manuscripts.Heading(level=level, runs=runs(text))


def manuscript(
    ref: str,
    blocks: Sequence[manuscripts.Block],
    *,
    title: str = "Power cut in your street",
    language: str = "en-GB",
    direction: manuscripts.Direction = manuscripts.Direction.LTR,
    dated: str = "14 March 2026",
    brand: manuscripts.Brand = BRAND,
    labels: manuscripts.Labels = LABELS,
    recipient: tuple[str, ...] = ("Ms Maria Meyer", "14 Mill Lane", "Westhaven WH3 7AB"),
    words: manuscripts.Words | None = None,
) -> manuscripts.Manuscript:
    """A manuscript with everything besides the blocks filled in."""
    return manuscripts.Manuscript(
        ref=ref,
        communication="sample",
        template=records.digest(b"template"),
        language=language,
        direction=direction,
        dated=dated,
        title=title,
        brand=brand,
        recipient=recipient,
        blocks=tuple(blocks),
        words=words
        or manuscripts.Words(
            subject=title, preheader="What we know so far", sms=title, push_title=title, push_body="What we know so far"
        ),
        labels=labels,
    )


def outage(ref: str = "outage") -> manuscripts.Manuscript:
    """A short letter: one page."""
    return manuscript(
        ref,
        (
            manuscripts.ReferenceLines(
                lines=(
                    manuscripts.ReferenceLine(label="Customer number", value="4711 0815"),
                    manuscripts.ReferenceLine(label="Incident", value="WH-2026-0314-07"),
                    manuscripts.ReferenceLine(label="Premises", value="14 Mill Lane"),
                )
            ),
            heading("Power cut in your street", 1),
            paragraph("Dear Ms Meyer,"),
            manuscripts.Paragraph(
                runs=(
                    Run(text="since 14:05 today the power has been off at "),
                    Run(text="14 Mill Lane", strong=True),
                    Run(text=". A damaged underground cable has been found near Harbour Bridge. Our crew is on site."),
                )
            ),
            manuscripts.KeyFigures(
                figures=(
                    manuscripts.KeyFigure(label="Off since", value="14:05"),
                    manuscripts.KeyFigure(label="Expected back", value="18:30", note="14 March, first estimate"),
                    manuscripts.KeyFigure(label="Homes affected", value="1,024"),
                )
            ),
            manuscripts.Callout(
                tone=manuscripts.Tone.WARNING,
                title="Never touch fallen lines",
                runs=runs("Keep at least 10 metres away and call us at once."),
            ),
            heading("What you can do", 2),
            manuscripts.List(
                items=(
                    runs("Switch off appliances that were on, the oven and the iron first."),
                    runs("Keep the fridge closed: it stays cold for about four hours."),
                    runs("Look in on neighbours who depend on medical equipment."),
                )
            ),
            manuscripts.Action(label="See the current state", link="https://northlight.example/o/WH-0314-07"),
            manuscripts.Signature(closing="Kind regards", name="Jonas Weber", role="Network operations"),
        ),
    )


def outage_german(ref: str = "outage-de") -> manuscripts.Manuscript:
    """The same kind of letter in German."""
    return manuscript(
        ref,
        (
            manuscripts.ReferenceLines(
                lines=(
                    manuscripts.ReferenceLine(label="Kundennummer", value="4711 0815"),
                    manuscripts.ReferenceLine(label="Störung", value="WH-2026-0314-07"),
                )
            ),
            heading("Stromausfall in Ihrer Straße", 1),
            paragraph("Sehr geehrte Frau Müller,"),
            paragraph(
                "seit 14:05 Uhr ist der Strom in der Mühlenstraße 14 ausgefallen. Ursache ist ein beschädigtes "
                "Erdkabel in der Nähe der Hafenbrücke. Unsere Monteure sind vor Ort."
            ),
            manuscripts.Callout(
                tone=manuscripts.Tone.ADVICE,
                title="Kühlschrank geschlossen lassen",
                runs=runs("So bleibt er etwa vier Stunden kalt."),
            ),
            manuscripts.Action(label="Aktueller Stand", link="https://northlight.example/o/WH-0314-07"),
            manuscripts.Signature(closing="Mit freundlichen Grüßen", name="Jonas Weber", role="Netzleitstelle"),
        ),
        title="Stromausfall in Ihrer Straße",
        language="de-DE",
        dated="14. März 2026",
        labels=LABELS_DE,
        recipient=("Frau", "Käthe Müller-Lüdenscheidt", "Mühlenstraße 14", "27568 Bremerhaven"),
    )


_MONTHS = ("Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb")


def bill(ref: str = "bill") -> manuscripts.Manuscript:
    """A bill of two pages: key figures, two tables with totals, a chart, a QR code."""
    return manuscript(
        ref,
        (
            manuscripts.ReferenceLines(
                lines=(
                    manuscripts.ReferenceLine(label="Customer number", value="4711 0815"),
                    manuscripts.ReferenceLine(label="Bill number", value="R-2026-000123"),
                    manuscripts.ReferenceLine(label="Meter", value="1 ESY 1160 2354 71"),
                    manuscripts.ReferenceLine(label="Period", value="1–28 February 2026"),
                )
            ),
            heading("Your electricity bill for February 2026", 1),
            paragraph("Dear Ms Meyer,"),
            paragraph(
                "thank you for being with us. In February you used 8 % less electricity than in the same month last "
                "year. We will collect the amount below by direct debit on 20 March 2026."
            ),
            manuscripts.KeyFigures(
                figures=(
                    manuscripts.KeyFigure(label="To pay", value="£ 84.19", note="by 20 March 2026"),
                    manuscripts.KeyFigure(label="Used", value="241 kWh", note="8 % less than last year"),
                    manuscripts.KeyFigure(label="Average a day", value="8.6 kWh"),
                )
            ),
            heading("What makes up your bill", 2),
            manuscripts.Table(
                caption="Charges in February 2026",
                columns=(
                    manuscripts.Column(heading="Charge", width=4),
                    manuscripts.Column(heading="Quantity", align=Alignment.END, width=2),
                    manuscripts.Column(heading="Price", align=Alignment.END, width=2),
                    manuscripts.Column(heading="Amount", align=Alignment.END, width=2),
                ),
                rows=(
                    ("Energy, day rate (07:00–21:00)", "162 kWh", "£ 0.2948", "£ 47.76"),
                    ("Energy, night rate (21:00–07:00)", "79 kWh", "£ 0.2110", "£ 16.67"),
                    ("Standing charge", "28 days", "£ 0.5510", "£ 15.43"),
                    ("Solar export credit", "−12 kWh", "£ 0.1500", "−£ 1.80"),
                    ("Smart meter service", "1 month", "£ 2.1200", "£ 2.12"),
                ),
                totals=(("Net", "", "", "£ 80.18"), ("VAT 5 %", "", "", "£ 4.01"), ("Total", "", "", "£ 84.19")),
            ),
            manuscripts.Callout(
                tone=manuscripts.Tone.ADVICE,
                title="Most of your use is in the evening",
                runs=runs("Running the dishwasher after 21:00 would have saved you about £ 3.40 this month."),
            ),
            heading("Your use over the year", 2),
            manuscripts.Chart(
                kind=manuscripts.ChartKind.BAR,
                title="Electricity used per month",
                categories=_MONTHS,
                series=(
                    manuscripts.Series(
                        name="This year",
                        values=("251", "238", "214", "197", "188", "193", "206", "229", "244", "268", "275", "241"),
                    ),
                    manuscripts.Series(
                        name="Year before",
                        values=("262", "249", "221", None, "190", "201", "214", "240", "259", "281", "290", "262"),
                    ),
                ),
                unit="kWh",
                alternative=(
                    "Bar chart of electricity used per month, March 2025 to February 2026, beside the year before. "
                    "Lowest in July with 188 kWh, highest in January with 275 kWh; lower than the year before in "
                    "every month."
                ),
            ),
            heading("Meter readings", 2),
            manuscripts.Table(
                caption="Readings of meter 1 ESY 1160 2354 71",
                columns=(
                    manuscripts.Column(heading="Register", width=3),
                    manuscripts.Column(heading="31 January", align=Alignment.END, width=2),
                    manuscripts.Column(heading="28 February", align=Alignment.END, width=2),
                    manuscripts.Column(heading="Difference", align=Alignment.END, width=2),
                    manuscripts.Column(heading="Kind", align=Alignment.CENTER, width=2),
                ),
                rows=(
                    ("1.8.1 Day", "18,204 kWh", "18,366 kWh", "162 kWh", "Read"),
                    ("1.8.2 Night", "9,417 kWh", "9,496 kWh", "79 kWh", "Estimated"),
                ),
            ),
            heading("How to pay", 2),
            paragraph(
                "You need do nothing if you pay by direct debit. To pay in another way, scan the code or use the "
                "reference R-2026-000123."
            ),
            manuscripts.Barcode(
                symbology=manuscripts.Symbology.QR,
                payload="https://northlight.example/pay/R-2026-000123?amount=84.19",
                alternative="Pay online: northlight.example/pay, reference R-2026-000123, amount £ 84.19",
            ),
            manuscripts.Action(label="Pay or ask about this bill", link="https://northlight.example/pay"),
            manuscripts.Signature(closing="Kind regards", name="Ada Sommer", role="Customer service"),
        ),
        title="Your electricity bill for February 2026",
    )


def arabic(ref: str = "arabic") -> manuscripts.Manuscript:
    """A letter written from right to left."""
    return manuscript(
        ref,
        (
            manuscripts.ReferenceLines(
                lines=(
                    manuscripts.ReferenceLine(label="رقم العميل", value="4711 0815"),
                    manuscripts.ReferenceLine(label="رقم العطل", value="WH-2026-0314-07"),
                )
            ),
            heading("انقطاع التيار الكهربائي في شارعكم", 1),
            paragraph("السيدة مريم الأحمد المحترمة،"),
            manuscripts.Paragraph(
                runs=(
                    Run(text="انقطع التيار الكهربائي منذ الساعة 14:05 في "),
                    Run(text="شارع الطاحونة 14", strong=True),
                    Run(text=". السبب هو تلف كابل أرضي بالقرب من جسر الميناء، وفريقنا يعمل الآن في الموقع."),
                )
            ),
            manuscripts.KeyFigures(
                figures=(
                    manuscripts.KeyFigure(label="منقطع منذ", value="14:05"),
                    manuscripts.KeyFigure(label="العودة المتوقعة", value="18:30", note="تقدير أولي"),
                )
            ),
            manuscripts.Callout(
                tone=manuscripts.Tone.DANGER,
                title="لا تلمسوا الأسلاك الساقطة",
                runs=runs("ابتعدوا عشرة أمتار على الأقل واتصلوا بنا فورًا."),
            ),
            manuscripts.List(
                items=(runs("أطفئوا الأجهزة التي كانت تعمل."), runs("أبقوا الثلاجة مغلقة.")), is_ordered=True
            ),
            manuscripts.Table(
                caption="مواعيد العمل",
                columns=(
                    manuscripts.Column(heading="المرحلة", width=3),
                    manuscripts.Column(heading="الساعة", align=Alignment.END, width=1),
                ),
                rows=(("تحديد موقع العطل", "14:40"), ("إصلاح الكابل", "17:45")),
                totals=(("عودة التيار", "18:30"),),
            ),
            manuscripts.Action(label="الحالة الحالية", link="https://northlight.example/o/WH-0314-07"),
            manuscripts.Signature(closing="مع أطيب التحيات", name="يونس فيبر", role="تشغيل الشبكة"),
        ),
        title="انقطاع التيار الكهربائي في شارعكم",
        language="ar",
        direction=manuscripts.Direction.RTL,
        dated="14 مارس 2026",
        labels=LABELS_AR,
        recipient=("السيدة مريم الأحمد", "14 Mill Lane", "Westhaven WH3 7AB"),
    )


def long_table(ref: str = "long", rows: int = 130) -> manuscripts.Manuscript:
    """A statement whose table runs over several pages."""
    return manuscript(
        ref,
        (
            heading("Quarter-hour readings of 1 and 2 February 2026", 1),
            paragraph("Dear Ms Meyer,", " here are the readings you asked for."),
            manuscripts.Table(
                caption="Quarter-hour readings",
                columns=(
                    manuscripts.Column(heading="Interval", width=3),
                    manuscripts.Column(heading="kWh", align=Alignment.END, width=2),
                    manuscripts.Column(heading="Rate", align=Alignment.CENTER, width=2),
                    manuscripts.Column(heading="Quality", width=3),
                ),
                rows=tuple(
                    (
                        f"{1 + index // 96} Feb {index // 4 % 24:02}:{index % 4 * 15:02}",
                        f"{(index * 37 % 90) / 100:.3f}",
                        "day" if 7 <= index // 4 % 24 < 21 else "night",
                        "estimated" if index % 17 == 0 else "measured",
                    )
                    for index in range(rows)
                ),
                totals=(("Total", "57.240", "", ""),),
            ),
            manuscripts.Signature(closing="Kind regards", name="Ada Sommer", role="Customer service"),
        ),
        title="Quarter-hour readings of 1 and 2 February 2026",
    )


def american(ref: str = "american") -> manuscripts.Manuscript:
    """A letter to an address in the United States."""
    return manuscript(
        ref,
        (
            manuscripts.ReferenceLines(
                lines=(
                    manuscripts.ReferenceLine(label="Account", value="4711-0815"),
                    manuscripts.ReferenceLine(label="Notice", value="PWS 3600-12"),
                )
            ),
            heading("Important information about your drinking water", 1),
            paragraph("Dear Mr. Ortiz:"),
            paragraph(
                "Our system recently exceeded the level for nitrate. Although this is not an emergency, as our "
                "customer you have a right to know what happened, what you should do, and what we are doing."
            ),
            manuscripts.Callout(
                tone=manuscripts.Tone.DANGER,
                title="Do not give the water to infants below six months",
                runs=runs("Boiling does not remove nitrate; it makes it worse. Use bottled water for formula."),
            ),
            manuscripts.List(
                items=(
                    runs("Adults and children older than six months can drink the water."),
                    runs("Ask your doctor if you are pregnant or have specific health concerns."),
                ),
                is_ordered=True,
            ),
            manuscripts.Action(label="Call us", link="tel:+12025550143"),
            manuscripts.Signature(closing="Sincerely,", name="Jane Whitfield", role="Water quality manager"),
        ),
        title="Important information about your drinking water",
        language="en-US",
        dated="March 14, 2026",
        recipient=("Mr. Rafael Ortiz", "1600 Elm Street Apt 4B", "Springfield IL 62704-1234"),
    )


def every_block(ref: str = "every") -> manuscripts.Manuscript:
    """Every kind of block, in each of its forms."""
    values = ("1.5", "-2.25", None, "4")
    return manuscript(
        ref,
        (
            manuscripts.ReferenceLines(lines=(manuscripts.ReferenceLine(label="Reference", value="X-1"),)),
            heading("Every kind of block", 1),
            manuscripts.Paragraph(
                runs=(
                    Run(text="Plain, "),
                    Run(text="strong", strong=True),
                    Run(text=", "),
                    Run(text="emphasis", emphasis=True),
                    Run(text=", "),
                    Run(text="both", strong=True, emphasis=True),
                    Run(text=", "),
                    Run(text="a link", link="https://northlight.example/about"),
                    Run(text=", "),
                    Run(text="help@northlight.example", link="mailto:help@northlight.example"),
                    Run(text=", "),
                    Run(text="+44 20 7946 0100", link="tel:+442079460100"),
                    Run(text="."),
                )
            ),
            heading("Lists", 2),
            manuscripts.List(items=(runs("First"), (Run(text="Second", strong=True), Run(text=" item")))),
            manuscripts.List(items=(runs("One"), runs("Two"), runs("Three")), is_ordered=True),
            heading("Callouts", 2),
            heading("In all four tones", 3),
            *(
                manuscripts.Callout(tone=tone, title=f"Title of {tone}", runs=runs(f"Text of the {tone}."))
                for tone in manuscripts.Tone
            ),
            heading("Tables and figures", 2),
            heading("Levels three", 3),
            heading("and four", 4),
            manuscripts.Table(
                caption="Alignment",
                columns=(
                    manuscripts.Column(heading="Start"),
                    manuscripts.Column(heading="Center", align=Alignment.CENTER),
                    manuscripts.Column(heading="End", align=Alignment.END, width=2),
                ),
                rows=(("a", "b", "1.00"), ("c", "d", "20.00")),
                totals=(("", "", "21.00"),),
            ),
            manuscripts.KeyFigures(
                figures=tuple(manuscripts.KeyFigure(label=f"Label {n}", value=f"{n}.0 kWh") for n in range(1, 6))
            ),
            heading("Charts", 2),
            manuscripts.Chart(
                kind=manuscripts.ChartKind.BAR,
                title="Bars with a gap and a negative value",
                categories=("A", "B", "C", "D"),
                series=(manuscripts.Series(name="Only", values=values),),
                unit="kWh",
                alternative="Bars: A 1.5, B −2.25, C missing, D 4.",
            ),
            manuscripts.Chart(
                kind=manuscripts.ChartKind.LINE,
                title="Lines, three series",
                categories=("A", "B", "C", "D"),
                series=(
                    manuscripts.Series(name="First", values=values),
                    manuscripts.Series(name="Second", values=("2", "3", "3.5", "3")),
                    manuscripts.Series(name="Third", values=("0", "-1", "0.5", "1")),
                ),
                alternative="Three lines between −2.25 and 4.",
            ),
            heading("Pictures and codes", 2),
            manuscripts.Image(
                digest=records.digest(PNG), media_type="image/png", alternative="A grey gradient", width_mm=40
            ),
            manuscripts.Image(digest=records.digest(SVG), media_type="image/svg+xml", alternative="Hills", width_mm=40),
            manuscripts.Image(digest=records.digest(SVG), media_type="image/svg+xml", alternative="", width_mm=20),
            manuscripts.Barcode(
                symbology=manuscripts.Symbology.QR, payload="https://northlight.example/q", alternative="Our site"
            ),
            manuscripts.Barcode(
                symbology=manuscripts.Symbology.DATA_MATRIX, payload="4711 0815", alternative="Customer 4711 0815"
            ),
            manuscripts.Break(),
            manuscripts.Action(label="Call us", link="tel:+442079460100"),
            manuscripts.Signature(closing="Kind regards", name="Ada Sommer", role="Customer service"),
        ),
        title="Every kind of block",
    )


def parts(ref: str = "parts") -> manuscripts.Manuscript:
    """Blocks that hold others, rows in groups, a comparison, a file: two pages."""
    grouped = manuscripts.Table(
        caption="Charges by meter",
        columns=(
            manuscripts.Column(heading="Day", width=2),
            manuscripts.Column(heading="What", width=5),
            manuscripts.Column(heading="Amount", width=2, align=manuscripts.Alignment.END),
        ),
        rows=tuple((f"{day} January", f"Energy used on day {day}", f"£ {day}.10") for day in range(1, 9)),
        totals=(("Total", "8 days", "£ 36.80"),),
        groups=(
            manuscripts.RowGroup(heading="Meter 0012345", rows=5, subtotals=(("Subtotal", "5 days", "£ 15.50"),)),
            manuscripts.RowGroup(heading="Meter 0098765", rows=3, subtotals=(("Subtotal", "3 days", "£ 21.30"),)),
        ),
        is_row_kept=True,
    )
    compared = manuscripts.Chart(
        kind=manuscripts.ChartKind.COMPARISON,
        title="Usage against last year",
        categories=("Jan", "Feb", "Mar", "Apr"),
        series=(
            manuscripts.Series(name="2026", values=("210", "198.5", "150", "120")),
            manuscripts.Series(name="2025", values=("230", "180", None, "140")),
        ),
        unit="kWh",
        alternative="Comparison: usage against last year. 2026: 210 kWh in January.",
    )
    paying = (heading("How to pay", 2), paragraph("Transfer the amount within fourteen days."))
    asking = (
        heading("Questions", 2),
        manuscripts.Only(channels=(parties.ChannelKind.LETTER,), blocks=(paragraph("Write to us."),)),
        manuscripts.Barcode(
            symbology=manuscripts.Symbology.QR, payload="https://northlight.example", alternative="northlight.example"
        ),
        manuscripts.Action(label="Ask us", link="https://northlight.example/ask"),
    )
    columns = (manuscripts.ColumnsPart(width=2, blocks=paying), manuscripts.ColumnsPart(width=1, blocks=asking))
    terms = manuscripts.Attachment(
        digest=records.digest(TERMS), media_type="text/plain", name="terms 2026 für Sie.txt", title="General terms"
    )
    whole = manuscript(
        ref,
        (
            heading("Your statement", 1),
            paragraph("Dear Ms Meyer, everything on two pages."),
            manuscripts.Columns(columns=columns),
            grouped,
            manuscripts.Keep(blocks=(heading("Compared with last year"), compared, paragraph("You used less."))),
            manuscripts.Only(channels=(parties.ChannelKind.LETTER,), blocks=(paragraph("In the letter alone."),)),
            manuscripts.Only(channels=(parties.ChannelKind.EMAIL,), blocks=(paragraph("In the e-mail alone."),)),
            terms,
            manuscripts.Signature(closing="Yours sincerely", name="Ann Sommer", role="Customer service"),
        ),
    )
    return msgspec.structs.replace(whole, labels=msgspec.structs.replace(LABELS, attachment="Attached"))


def statement(
    ref: str = "statement", rows: int = 130, *, is_grouped: bool = False, is_plain: bool = False
) -> manuscripts.Manuscript:
    """A statement whose total is carried from page to page; unless it is plain every eleventh row takes two lines."""
    amounts = [(number * 131) % 9_973 for number in range(1, rows + 1)]
    totals = [f"£ {total / 100:,.2f}" for total in itertools.accumulate(amounts)]
    more = "" if is_plain else " and a longer explanation of what was done there on that day"
    table = manuscripts.Table(
        caption="All movements",
        columns=(
            manuscripts.Column(heading="Date", width=2),
            manuscripts.Column(heading="What", width=6),
            manuscripts.Column(heading="Amount", width=2, align=manuscripts.Alignment.END),
        ),
        rows=tuple(
            (
                f"{number % 28 + 1:02d} Jan 2026",
                f"Reading {number:06d} at point {number * 7 % 99_991}{more * (number % 11 == 0)}",
                f"£ {amount / 100:,.2f}",
            )
            for number, amount in enumerate(amounts, start=1)
        ),
        totals=(("Total", "", totals[-1]),),
        groups=tuple(
            manuscripts.RowGroup(
                heading=f"Part {start // 40 + 1}", rows=min(40, rows - start), subtotals=(("", "", "-"),)
            )
            for start in range(0, rows, 40)
        )
        if is_grouped
        else (),
        carry=manuscripts.Carry(column=2, forward="Carried forward", brought="Brought forward", totals=tuple(totals)),
    )
    return manuscript(ref, (heading("Your statement", 1), paragraph("Dear Ms Meyer,"), table, paragraph("The end.")))


def saying(text: str, ref: str = "saying") -> manuscripts.Manuscript:
    """The text wherever a text can stand that a recipient reads, on every channel. `recipient` and `brand` stay."""
    return manuscript(
        ref,
        (
            heading(text, 1),
            manuscripts.Paragraph(runs=(Run(text=text), Run(text=text, strong=True), Run(text=text, emphasis=True))),
            manuscripts.List(items=(runs(text),)),
            manuscripts.Table(
                caption=text,
                columns=(manuscripts.Column(heading=text), manuscripts.Column(heading="x", align=Alignment.END)),
                rows=((text, text),),
                totals=((text, text),),
            ),
            manuscripts.Callout(tone=manuscripts.Tone.NOTE, title=text, runs=runs(text)),
            manuscripts.KeyFigures(figures=(manuscripts.KeyFigure(label=text, value=text, note=text),)),
            manuscripts.Action(label=text, link="https://northlight.example/"),
            manuscripts.Signature(closing=text, name=text, role=text),
        ),
        title=text,
        words=manuscripts.Words(subject=text, preheader=text, sms=text, push_title=text, push_body=text),
    )


def malformed() -> tuple[manuscripts.Manuscript, ...]:
    """Manuscripts that break a promise of the model. Each may be refused or laid out, none may raise."""
    table = manuscripts.Table(
        caption="Wrong", columns=(manuscripts.Column(heading="A"),), rows=(("1", "2"), ()), totals=(("1", "2", "3"),)
    )
    chart = manuscripts.Chart(
        kind=manuscripts.ChartKind.BAR,
        title="Wrong",
        categories=("A", "B"),
        series=(manuscripts.Series(name="s", values=("NaN", "1e999999", "text")),),
        alternative="",
    )
    bodies: tuple[tuple[manuscripts.Block, ...], ...] = (
        (),
        (paragraph(),),
        (paragraph(""), manuscripts.List(items=()), manuscripts.KeyFigures(figures=())),
        (heading("Deep first", 4), heading("Level nine", 9), heading("Level zero", 0), heading("", 1)),
        (heading("Wrong table", 1), table),
        (heading("No columns", 1), manuscripts.Table(caption="", columns=(), rows=((),))),
        (
            heading("Zero width", 1),
            manuscripts.Table(caption="", columns=(manuscripts.Column(heading="A", width=0),), rows=(("1",),)),
        ),
        (heading("Wrong chart", 1), chart),
        (
            heading("Empty chart", 1),
            manuscripts.Chart(
                kind=manuscripts.ChartKind.LINE, title="", categories=(), series=(), alternative="Nothing"
            ),
        ),
        (
            heading("Unknown image", 1),
            manuscripts.Image(digest="0" * 64, media_type="image/png", alternative="Gone", width_mm=40),
        ),
        (
            heading("Wrong kind of image", 1),
            manuscripts.Image(digest=records.digest(PNG), media_type="text/html", alternative="x", width_mm=-3),
        ),
        (
            heading("Enormous code", 1),
            manuscripts.Barcode(symbology=manuscripts.Symbology.QR, payload="x" * 9_000, alternative="x"),
        ),
        (
            heading("Empty code", 1),
            manuscripts.Barcode(symbology=manuscripts.Symbology.DATA_MATRIX, payload="", alternative=""),
        ),
        (heading("Hostile link", 1), manuscripts.Action(label="Go", link="javascript:alert(1)")),
        (
            heading("Hostile run link", 1),
            manuscripts.Paragraph(runs=(Run(text="go", link="file:///etc/passwd"), Run(text="", link="https://x"))),
        ),
        (manuscripts.Break(), manuscripts.Break()),
    )
    broken = [manuscript(f"malformed-{index}", blocks) for index, blocks in enumerate(bodies)]
    sound = outage()
    broken.append(manuscript("malformed-language", sound.blocks, language="not a language"))
    broken.append(manuscript("malformed-title", sound.blocks, title=""))
    broken.append(manuscript("malformed-recipient", sound.blocks, recipient=()))
    broken.append(
        manuscript(
            "malformed-brand",
            sound.blocks,
            brand=manuscripts.Brand(
                name="",
                imprint=(),
                return_address="",
                primary="red; }",
                on_primary="",
                website="javascript:1",
                telephone="",
                logo_svg="<svg",
            ),
        )
    )
    broken.append(
        manuscript(
            "malformed-labels",
            sound.blocks,
            labels=manuscripts.Labels(
                page="{0.__class__}", date="", unsubscribe="", web_view="", tones=("", "", "", "")
            ),
        )
    )
    return tuple(broken)


def sound() -> tuple[manuscripts.Manuscript, ...]:
    """Manuscripts in Latin script that every engine with room for them lays out."""
    return (outage(), outage_german(), bill(), long_table(), american(), every_block(), parts(), statement())
