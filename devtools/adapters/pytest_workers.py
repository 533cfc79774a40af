"""Inside pytest: workers of pytest-xdist, which get arguments and an import path, and no plugin objects.

Standard library only, loaded by path; see `pytest_plugin`.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Sequence

NAME = "devtools_worker"
SHIM = """from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("{name}_plugin", {path!r})
plugin = module_from_spec(spec)
spec.loader.exec_module(plugin)


def pytest_configure(config):
    plugin.witness(config)
"""


def reach(folder: str, plugin: str, arguments: Sequence[str]) -> list[str]:
    """Let the workers, where there may be some, load the plugin; return pytest's arguments for that."""
    if not importlib.util.find_spec("xdist"):
        return list(arguments)
    with open(os.path.join(folder, f"{NAME}.py"), "w", encoding="utf-8") as stream:
        stream.write(SHIM.format(path=os.path.abspath(plugin), name=NAME))
    sys.path.append(folder)
    return ["-p", NAME, *arguments]
