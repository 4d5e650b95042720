"""Where each item of the library lies in a folder, and under which file name."""

import re
import urllib.parse

from signalpost.vocabulary import library

#: Folder of each kind; the policy is one file.
FOLDERS: dict[library.Kind, str] = {
    library.Kind.COMMUNICATION: "communications",
    library.Kind.TEXT: "texts",
    library.Kind.BRAND: "brands",
    library.Kind.IMAGE: "images",
    library.Kind.INSERT: "inserts",
    library.Kind.LAYOUT: "layouts",
    library.Kind.LANGUAGE: "languages",
    library.Kind.CONTRACT: "contracts",
    library.Kind.TRIGGER: "triggers",
    library.Kind.SEGMENT: "segments",
}
POLICY = "policy.yaml"

TYPE = "type.yaml"
CONTRACT = "contract.yaml"
SAMPLES = "samples.json"
#: Texts, letters and pictures that samples come to, below a communication's folder.
EXPECTED = "expected"
TRANSLATIONS = "translations"

#: Media types that have a suffix of their own.
SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/svg+xml": ".svg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
}
OTHER_SUFFIX = ".bin"

_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def file_name(name: str) -> str:
    """A name as a file name: letters, digits, `_`, `-` and `.` as they are, everything else as `%XX`."""
    if _SAFE.fullmatch(name):
        return name
    encoded = urllib.parse.quote(name, safe="").replace("~", "%7E")
    return "%2E" + encoded[1:] if encoded.startswith(".") else "%2D" + encoded[1:] if encoded[:1] == "-" else encoded


def name_of(file: str) -> str:
    """The name that a file name stands for."""
    return urllib.parse.unquote(file)


def path(key: library.Key) -> str:
    """Where an item lies: a communication's folder, otherwise its YAML file."""
    if key.kind is library.Kind.POLICY:
        return POLICY
    place = f"{FOLDERS[key.kind]}/{file_name(key.name)}"
    return place if key.kind is library.Kind.COMMUNICATION else f"{place}.yaml"


def content(language: str) -> str:
    """File of the text in one language."""
    return f"content.{file_name(language)}.yaml"
