"""What every page of the console stands in: its title, its trail, its icon."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils import timezone


def frame(title: str, *, icon: str, trail: Sequence[tuple[str, str]] = ()) -> Mapping[str, object]:
    """The values that the frame of a page needs.

    Args:
        title: The title of the page, the last step of the trail.
        icon: Wagtail's name of the icon.
        trail: Address and label of the pages above, beside the overview.
    """
    above = [{"url": url, "label": label} for url, label in trail]
    home = [] if title == "Overview" else [{"url": reverse("overview"), "label": "Overview"}]
    zone = timezone.get_current_timezone_name()
    return {"zone": zone, "title": title, "icon": icon, "trail": [*home, *above, {"url": "", "label": title}]}
