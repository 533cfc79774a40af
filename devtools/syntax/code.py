"""A module's code as digests, without what only people read: comments, layout and, apart, docstrings."""

from __future__ import annotations

import ast
import hashlib
import re
from typing import NamedTuple

from devtools.syntax.module import computes
from devtools.syntax.tests import Function

# A text that holds one of these may look at docstrings, or hand them to a library that does.
DOCS = re.compile(
    r"__doc__|getdoc|doctest|pydoc|\bhelp\(|\b(?:click|typer|fire|docopt|cleo|cyclopts|plac|sphinx|autodoc|mkdocs)\b"
    r"|\b(?:pydantic|fastapi|flask|django|rest_framework|graphene|strawberry|apispec|cmd|invoke|clize|defopt|tyro)\b"
    r"|shortDescription|get_docstring|\bco_consts\b|__code__"
)
# A text that holds one of these may look at the place where code stands.
PLACES = re.compile(
    r"tb_lineno|f_lineno|co_firstlineno|co_lines|co_positions|_getframe|currentframe|extract_(?:tb|stack)|findCaller"
    r"|getsource|getinnerframes|getouterframes|\bstack\(\)|\(lineno\)|\]\.lineno|record\.lineno|__code__|__notes__"
    r"|\bTracebackException\b|\bFrameSummary\b|\btracemalloc\b|co_linetable|getframeinfo|getlineno"
)


MARK = "always_run"
GATHERS = re.compile(r"__subclasses__|__init_subclass__")


class Code(NamedTuple):
    """`whole` is the digest of the code, `bare` that without docstrings; equal ones stand for modules that do the same.

    `docs`: the text may look at docstrings; `places`: at lines and columns. `always`: a test in it is marked as one
    that depends on what nobody can see. `computes`: it loads a module by a name that is made while it runs, `gathers`:
    it sees each class that anybody defines below one of its own.
    """

    whole: str
    bare: str
    docs: bool
    places: bool
    always: bool = False
    computes: bool = False
    gathers: bool = False


def read(source: bytes) -> Code | None:
    """Take the digests of a text; None where it is no Python that can be parsed here."""
    try:
        # Parse the bytes: a comment may say how they are encoded, and then the same bytes are other letters.
        tree = ast.parse(source)
        whole = _digest(tree)
        _strip(tree)
        bare = _digest(tree)
    except (SyntaxError, ValueError, RecursionError):
        return None
    text = source.decode("utf-8", "replace")
    marked = MARK in text and any(map(_is_mark, ast.walk(tree)))
    docs, places, gathers = (bool(sign.search(text)) for sign in (DOCS, PLACES, GATHERS))
    return Code(whole, bare, docs, places, marked, computes(source), gathers)


def _digest(tree: ast.Module) -> str:
    return hashlib.sha256(ast.dump(tree).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _is_mark(node: ast.AST) -> bool:
    """Whether it is `mark.always_run`, of pytest or imported from it."""
    holder = node.value if isinstance(node, ast.Attribute) and node.attr == MARK else None
    return (holder.attr if isinstance(holder, ast.Attribute) else getattr(holder, "id", "")) == "mark"


def _strip(tree: ast.AST) -> None:
    """Take away each docstring, so that code with one and code without are alike."""
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef | ast.Module):
            first = node.body[0] if node.body else None
            said = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            if said and isinstance(first.value.value, str):  # type: ignore[union-attr]
                del node.body[0]
