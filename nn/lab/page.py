"""One file that is the whole page: its modules joined to one script, its style, and the data that it begins with."""

import base64
import hashlib
import re
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

from nn.lab.menu import squeezed

STATIC = files("nn.lab").joinpath("static")
BARE = {"preact": "preact", "preact/hooks": "hooks", "@preact/signals-core": "signals-core"}
IMPORT = re.compile(r'(?:^|(?<=;))import\s*(?:(\w+)|\{([^}]*)\})\s*from\s*"([^"]+)";?', re.M)
PASSED_ON = re.compile(r'export\s*\{([^}]*)\}\s*from\s*"([^"]+)";?')
LISTED = re.compile(r"export\s*\{([^}]*)\};?\s*$", re.M)
DECLARED = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.M)


def source(name: str) -> str:
    """The text of a file of the page."""
    return STATIC.joinpath(name).read_text(encoding="utf-8")


def joined(entry: str) -> str:
    """The module `entry` and all that it imports as one script without imports: `lab` has what `entry` exports."""
    order: list[str] = []
    _visit(entry, order, ())
    made = [f"const {_variable(name)} = (() => {{\n{_body(name)}\n}})();" for name in order]
    return "\n".join([*made, f"const lab = {_variable(entry)};"])


def _visit(name: str, order: list[str], path: tuple[str, ...]) -> None:
    if name in path:
        raise ValueError(f"modules import each other in a circle: {' -> '.join((*path, name))}")
    text = source(name)
    for match in [*IMPORT.finditer(text), *PASSED_ON.finditer(text)]:
        _visit(_path(match[match.re.groups], name), order, (*path, name))
    if name not in order:
        order.append(name)


def _path(written: str, importer: str) -> str:
    if written in BARE:
        return f"vendor/{BARE[written]}.js"
    return str(PurePosixPath(importer).parent / written).replace("./", "")


def _variable(name: str) -> str:
    return "m_" + re.sub(r"\W", "_", name)


def _body(name: str) -> str:
    exported: dict[str, str] = {}

    def imported(match: re.Match[str]) -> str:
        one, several, written = match.groups()
        variable = _variable(_path(written, name))
        taken = one or f"{{{several.replace(' as ', ': ')}}}"
        return f"const {taken} = {variable}{'.default' if one else ''};"

    def passed_on(match: re.Match[str]) -> str:
        variable = _variable(_path(match[2], name))
        exported.update({each.strip(): f"{variable}.{each.strip()}" for each in match[1].split(",")})
        return ""

    def listed(match: re.Match[str]) -> str:
        for each in match[1].split(","):
            own, _, outside = each.strip().partition(" as ")
            exported[outside or own] = own
        return ""

    text = PASSED_ON.sub(passed_on, source(name))
    text = LISTED.sub(listed, IMPORT.sub(imported, text))
    exported.update({found[1]: found[1] for found in DECLARED.findall(text)})
    text = DECLARED.sub(r"\1 \2", text).replace("export default ", "const _default = ")
    if "const _default = " in text:
        exported["default"] = "_default"
    return f"{text}\nreturn {{ {', '.join(f'{outside}: {own}' for outside, own in exported.items())} }};"


def page(menu: dict[str, Any], kept: dict[str, Any], title: str = "nn lab", connect: str = "'none'") -> str:
    """The page as one file that asks nobody for anything but `connect`; `kept` is the run that it shows first."""
    script, style = f'"use strict";\n{joined("app.js")}\n{BEGIN}', source("style.css")
    # The script and the style are named by their hashes, nothing else may run, and the data is never evaluated.
    rules = {"default-src": "'none'", "script-src": _hash(script), "style-src": _hash(style), "img-src": "data:"}
    rules |= {"connect-src": connect, "base-uri": "'none'"}
    policy = "; ".join(f"{name} {value}" for name, value in rules.items())
    parts = {"policy": policy, "title": _text(title), "style": style, "script": script}
    return TEMPLATE.format(**parts, data=squeezed({"menu": menu, "kept": kept}))


BEGIN = """function ready(made) { globalThis.nnLab = made; document.documentElement.dataset.ready = "yes"; }
function failed(error) {
  document.getElementById("lab").textContent = `This file cannot be shown: ${error.message}`;
}
lab.begin(document.getElementById("lab"), document.getElementById("data").textContent).then(ready, failed);"""
TEMPLATE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="icon" href="data:,"><style>{style}</style></head>
<body><div id="lab"></div><script type="application/octet-stream" id="data">{data}</script>
<script>{script}</script></body></html>
"""


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(title: str) -> str:
    return title.replace("&", "&amp;").replace("<", "&lt;")
