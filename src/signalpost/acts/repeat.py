"""The same request again: answered once, and with the same answer (draft-ietf-httpapi-idempotency-key-header-07).

The key is taken, the request carried out and the answer kept in one transaction: a crash in between leaves none of
them, and a second request that comes meanwhile waits and gets the first one's answer.
"""

from collections.abc import Callable

import msgspec
from django.db import transaction
from django.utils import timezone

from signalpost.store import idempotency

#: How long a client may ask again.
KEEP_SECONDS = 86_400
#: From this status on nothing is kept: the fault is ours, and the request may be made again.
_OUR_FAULT = 500


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent back."""

    status: int
    media_type: str
    body: bytes


class Reused(msgspec.Struct, frozen=True, kw_only=True):
    """The key came before, with another request."""


def once(client: str, key: str, *, fingerprint: str, carry_out: Callable[[], Answer]) -> Answer | Reused:
    """Carry out a request unless it was carried out before; its answer, or the one that was kept.

    Args:
        client: Who asks; keys of two clients are two keys.
        key: What they called the request.
        fingerprint: Digest of everything that makes it the same request.
        carry_out: Does it.
    """
    with transaction.atomic():
        kept = idempotency.take(client, key, fingerprint=fingerprint, now=timezone.now(), keep_seconds=KEEP_SECONDS)
        if kept is not None:
            if kept.fingerprint != fingerprint:
                return Reused()
            return Answer(status=kept.status, media_type=kept.media_type, body=kept.body)
        answer = carry_out()
        if answer.status >= _OUR_FAULT:
            idempotency.give_back(client, key)
        else:
            idempotency.keep(client, key, status=answer.status, media_type=answer.media_type, body=answer.body)
        return answer
