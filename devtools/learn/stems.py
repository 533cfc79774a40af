"""Words as the search compares them: without endings, and without those that stand in every sentence."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_VOWEL = re.compile("[aeiouy]")
LONGEST = 40  # signs of a word that count: what is longer is a digest or a line of dashes
_LEAST = 3
# Endings, each with the letters that must stay before it. The first that fits goes, and then the next.
_ENDINGS = (
    *((ending, 4) for ending in ("ization", "isation", "ability", "ibility", "fulness", "iveness", "ational")),
    *((ending, 4) for ending in ("ations", "ation", "ators", "ator", "ments", "ment", "ness", "ances", "ance")),
    *((ending, 4) for ending in ("ences", "ence", "able", "ible", "ating", "ated", "ates", "ions", "ion", "ally")),
    *((ending, 4) for ending in ("edly", "ity", "ive", "ate", "ors", "or", "al", "ly")),
    *((ending, _LEAST) for ending in ("ings", "ing", "ies", "ied", "ed")),
    *((ending, 4) for ending in ("ers", "er", "es")),
    *((ending, _LEAST) for ending in ("s", "e", "y")),
)
# Forms that no ending tells.
_ODD = {
    form: word
    for word, forms in {
        "break": "broke broken",
        "build": "built",
        "choose": "chose chosen",
        "fail": "failure failures",
        "find": "found",
        "grow": "grew grown",
        "hide": "hid hidden",
        "hold": "held",
        "keep": "kept",
        "know": "knew known",
        "lose": "lost loss losses",
        "make": "made",
        "mean": "meant",
        "run": "ran",
        "say": "said",
        "see": "saw seen",
        "send": "sent",
        "spend": "spent",
        "take": "took taken",
        "tell": "told",
        "throw": "threw thrown",
        "write": "wrote written",
    }.items()
    for form in forms.split()
}
_COMMON = """
a about above after again all also although am an and any are as at be because been before being below both but by
can cannot could did do does doing done down during each either else ever every for from further get gets getting
go goes going got had has have having he her here hers him his how however i if in into is it its itself just let
like lot many may me might mine more most much must my myself need needs neither no nor not now of off often on
once only onto or other others our ours out over own quite rather really same shall she should since so some
somebody someone something still such than that the their them then there these they thing things this those
though through thus to too toward under until up upon us use used uses using very was we well were what whatever
when where whether which while who whom whose why will with within would yet you your yours yourself
don doesn didn isn wasn weren won wouldn couldn shouldn hasn haven ll ve re
"""
STOP = frozenset(_COMMON.split())


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents. The parts of a name in camel case follow it."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    found = []
    for word in _WORD.findall(text):
        found.append(word[:LONGEST].casefold())
        found += parts(word) if not (word.islower() or word.isupper()) else []
    return found


def parts(word: str) -> list[str]:
    """Return the parts of a name in camel case, none of a word that is a single part."""
    apart = _HUMP.split(word)
    return [part[:LONGEST].casefold() for part in apart] if len(apart) > 1 else []


def stems(text: str) -> list[str]:
    """Return the stems of a text's words, in their order."""
    return [stem(word) for word in words(text)]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return a word without its English endings, so that measures, measuring and measurement are one."""
    if len(word) <= _LEAST or not word.isascii() or not word.isalpha():
        return word
    rest = _ODD.get(word, word)
    while True:
        ending = next((each for each in _ENDINGS if _goes(rest, *each)), None)
        if ending is None:
            break
        rest = rest[: -len(ending[0])]
    return rest[:-1] if len(rest) > _LEAST and rest[-1] == rest[-2] else rest


def _goes(word: str, ending: str, least: int) -> bool:
    if not word.endswith(ending) or len(word) - len(ending) < least or (ending == "s" and word.endswith("ss")):
        return False
    return bool(_VOWEL.search(word[: -len(ending)]))
