"""Reads a letter on standard input in a process of its own, bounded in memory and time; writes its pieces as JSON.

python -m signalpost.playbooks.starting pdf|docx < letter > pieces.json
"""

import resource
import sys

import msgspec

from signalpost.playbooks.starting import docx, pdf, pieces

#: Address space; PDFium and Python take 250 MB of it before they read anything.
MEMORY_BYTES_MAX = 1_500_000_000
CPU_SECONDS_MAX = 30
#: The letter cannot be read: standard error says why.
REFUSED = 3
_READERS = {"pdf": pdf.read, "docx": docx.read}


def main() -> int:
    """Read, and say what was read or why it cannot be."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        letter = _READERS[sys.argv[1]](sys.stdin.buffer.read())
    except pieces.LetterError as error:
        sys.stderr.write(str(error))
        return REFUSED
    sys.stdout.buffer.write(msgspec.json.encode(letter))
    return 0


if __name__ == "__main__":
    sys.exit(main())
