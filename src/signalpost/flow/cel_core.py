"""CEL without its package's command line.

`import cel` imports that too, with prompt_toolkit, rich, typer and pygments: 0.7 s of processor time and 25 MB in every
process, for nothing. An empty module in its place is all that the package asks for.
"""

import sys
import types

sys.modules.setdefault("cel.cli", types.ModuleType("cel.cli"))

import cel  # noqa: E402 - after the line above

__all__ = ["cel"]
