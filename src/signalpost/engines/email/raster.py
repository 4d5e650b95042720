"""Draw an SVG as PNG on white: a program of its own, so that a drawing that loops or grows can be ended.

    python -I raster.py WIDTH_PX HEIGHT_PX MARGIN_PX DENSITY < drawing.svg > drawing.png

The drawing is fitted into width and height. No network, no files, no system fonts: the same drawing gives the same
picture on every machine. Exit code 1 with one line on the standard error when it is no SVG.
"""

import os
import resource
import sys
import tempfile
from pathlib import Path

# Typst's thread pool reads this when it is loaded.
os.environ["RAYON_NUM_THREADS"] = "1"
import typst

CPU_SECONDS = 10
MEMORY_BYTES = 2 * 1024**3
#: Typst measures in points of 1/72 inch, layouts in pixels of 1/96 inch.
_POINTS_PER_PX = 0.75
_PPI = 96

_SOURCE = """
#set page(width: auto, height: auto, margin: float(sys.inputs.margin) * 1pt, fill: white)
#let picture(..size) = image(bytes(sys.inputs.svg), format: "svg", ..size)
#let width = float(sys.inputs.width) * 1pt
#context {
  let tall = picture(height: float(sys.inputs.height) * 1pt)
  if measure(tall).width > width { picture(width: width) } else { tall }
}
"""


def main(arguments: list[str]) -> int:
    """Read, draw, write."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    width, height, margin = (str(int(pixels) * _POINTS_PER_PX) for pixels in arguments[:3])
    svg = sys.stdin.buffer.read().decode(errors="replace")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = folder / "root"
        root.mkdir()
        source = root / "drawing.typ"
        source.write_text(_SOURCE, encoding="utf-8")
        try:
            png = typst.compile(
                source,
                root=root,
                format="png",
                ppi=_PPI * int(arguments[3]),
                ignore_system_fonts=True,
                sys_inputs={"svg": svg, "width": width, "height": height, "margin": margin},
                package_path=folder,
                package_cache_path=folder,
            )
        except typst.TypstError as error:
            sys.stderr.write(error.message)
            return 1
    sys.stdout.buffer.write(png)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
