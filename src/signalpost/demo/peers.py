"""Everything that Signalpost talks to in the demo, on this machine alone."""

import pathlib

from signalpost.demo import broker, mail, platform, printshop, smsc


class Peers:
    """The other sides, running; `stop` ends them all."""

    def __init__(self, folder: pathlib.Path) -> None:
        """Start them; `folder` is the demo's, with the spool in it.

        Raises:
            broker.BrokerError: the broker does not start.
        """
        self.spool = folder / "spool"
        self.broker = broker.Broker(folder / "broker")
        self.mail = mail.Server()
        self.sms = smsc.Centre()
        self.platform = platform.Platform()
        self.shop = printshop.Shop(self.spool)

    def environment(self) -> dict[str, str]:
        """The settings that lead to them."""
        return {
            "SIGNALPOST_SMTP_URL": self.mail.url,
            "SIGNALPOST_SMPP_URL": self.sms.url,
            "SIGNALPOST_MQTT_URL": self.broker.url,
            "SIGNALPOST_MQTT_VERSION": self.broker.version,
            "SIGNALPOST_SPOOL_FOLDER": str(self.spool),
            "SIGNALPOST_WEBHOOK_ALLOW_PRIVATE": "true",
        }

    def waiting(self) -> int:
        """What they still have to report."""
        return self.sms.waiting() + self.shop.waiting()

    def stop(self) -> None:
        """End them all."""
        self.shop.stop()
        self.sms.stop()
        self.mail.stop()
        self.platform.stop()
        self.broker.stop()
