"""The e-mail channel as the settings describe it."""

import pathlib
from collections.abc import Callable

from signalpost import settings
from signalpost.channels import smtp, traffic
from signalpost.channels.smtp import dkim, relay

#: What the key of bounce addresses is derived for.
VERP_PURPOSE = "signalpost.verp"

_ENCRYPTION = {
    "smtp": relay.Encryption.OPPORTUNISTIC,
    "smtp+starttls": relay.Encryption.STARTTLS,
    "smtps": relay.Encryption.IMPLICIT,
}


def from_settings(
    given: settings.Settings, key: Callable[[str], bytes], known: traffic.Traffic | None = None
) -> smtp.Smtp | None:
    """The channel, `None` without a relay.

    Raises:
        settings.SettingError: a relay's address cannot be read.
    """
    return made(given, key, known) if given.smtp_url else None


def made(given: settings.Settings, key: Callable[[str], bytes], known: traffic.Traffic | None = None) -> smtp.Smtp:
    """The channel even without a relay: the listener for returned mail needs one that understands, not one that sends.

    Raises:
        settings.SettingError: a relay's address cannot be read.
    """
    ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    places = settings.endpoints(given.smtp_url or "smtp://localhost", "smtp_url", ports=ports)
    signing: tuple[dkim.Identity, ...] = ()
    if given.dkim_selector:
        pem = pathlib.Path(given.dkim_key_file).read_bytes()
        domain = given.mail_from.rpartition("@")[2]
        signing = (dkim.Identity(domain=domain, selector=given.dkim_selector, pem=pem),)
    return smtp.Smtp(
        smtp.Config(
            relays=tuple(_relay(place, ca_file=given.smtp_ca_file) for place in places),
            sender=given.mail_from,
            sender_name=given.mail_from_name,
            bounce_domain=given.bounce_domain,
            key=key(VERP_PURPOSE),
            signing=signing,
            per_domain_per_second=given.mail_per_domain_per_second,
        ),
        known,
    )


def _relay(place: settings.Endpoint, *, ca_file: str) -> relay.Relay:
    return relay.Relay(
        host=place.host,
        port=place.port,
        encryption=_ENCRYPTION[place.scheme],
        username=place.user,
        password=place.password,
        ca_file=ca_file,
        per_second=place.per_second,
    )
