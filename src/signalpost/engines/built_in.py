"""The engines that come with Signalpost, one line each."""

from collections.abc import Callable, Mapping

from signalpost import engines, settings
from signalpost.engines import email, pdf, text
from signalpost.vocabulary import parties

#: Gives the bytes of an image by its digest, `None` where there is none.
Assets = Callable[[str], bytes | None]
Make = Callable[[settings.Settings, Assets], engines.Engine]

BUILT_IN: tuple[Make, ...] = (
    lambda _given, assets: email.Email(assets),
    lambda _given, _assets: text.Sms(),
    lambda _given, _assets: text.Push(),
    lambda given, assets: pdf.Pdf(assets, window=given.letter_window, workers=given.compose_processes),
)


def build(given: settings.Settings, assets: Assets) -> Mapping[parties.ChannelKind, engines.Engine]:
    """The engines, by the kind of channel they render for."""
    made = [make(given, assets) for make in BUILT_IN]
    return {engine.channel: engine for engine in made}
