"""What is asked of the catalog in SQL: which words there are, how often, and which entries hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from devtools.learn.catalog import INSIGHT, PARTS, Catalog

READ = 4000  # of a word that stands almost everywhere, the newest places are read: each costs time
RATED = 100  # entries that are looked at closely
MARKS = 500  # variables of one statement
_END = "\U0010ffff"
_HOLDS = "instr(' ' || text || ' ' || words || ' ' || topic || ' ' || more || ' ', ?)"


class Row(NamedTuple):
    """One entry: what it is, in which commit, under which topic, and the stems of each of its parts."""

    number: int
    kind: str
    place: str
    topic: str
    parts: dict[str, list[str]]


class Lookup:
    """Questions to one open catalog. Without FTS5 each looks at every entry."""

    def __init__(self, catalog: Catalog) -> None:
        self.db, self.fts = catalog.db, catalog.fts
        self.size = int(self.db.execute("SELECT coalesce(max(number), 0) FROM entries").fetchone()[0])

    def counts(self, bases: Iterable[str]) -> dict[str, int]:
        """In how many entries each stem stands; those that stand nowhere are left out."""
        listed = list(bases)
        if not self.fts:
            return {base: count for base in listed if (count := self._count(base))}
        found: dict[str, int] = {}
        for at in range(0, len(listed), MARKS):
            some = listed[at : at + MARKS]
            marks = ", ".join("?" * len(some))
            found |= self.db.execute(f"SELECT term, doc FROM frequency WHERE term IN ({marks})", some).fetchall()
        return found

    def _count(self, base: str) -> int:
        return int(self.db.execute(f"SELECT count(*) FROM docs WHERE {_HOLDS}", (f" {base} ",)).fetchone()[0])

    def beginning(self, begin: str) -> list[tuple[str, str]]:
        """Return the words of the vocabulary that begin so, each with its stem."""
        return self._between("word", begin)

    def ending(self, end: str) -> list[str]:
        """Return the words of the vocabulary that end so."""
        return [back[::-1] for back, _ in self._between("back", end[::-1])]

    def _between(self, column: str, begin: str) -> list[tuple[str, str]]:
        asked = f"SELECT {column}, stem FROM vocabulary WHERE {column} >= ? AND {column} < ?"
        return self.db.execute(asked, (begin, begin + _END)).fetchall()

    def holding(self, groups: Sequence[Mapping[str, float]], phrases: Sequence[str]) -> list[int]:
        """Return the entries with every phrase and the stems of most worth, the best of each group, best first."""
        allowed = [set(self._numbers(phrase)) for phrase in phrases]
        totals: dict[int, float] = {}
        for group in groups:
            best: dict[int, float] = {}
            for base, worth in sorted(group.items(), key=lambda pair: pair[1]):
                best |= dict.fromkeys(self._numbers(base), worth)
            for number, worth in best.items():
                totals[number] = totals.get(number, 0.0) + worth
        found = [(worth, number) for number, worth in totals.items() if all(number in each for each in allowed)]
        return [number for _, number in sorted(found, reverse=True)[:RATED]]

    def _numbers(self, phrase: str) -> list[int]:
        """The newest entries with these stems side by side. In quotes, FTS5 hears no operator in them."""
        wanted, given = ("docs MATCH ?", f'"{phrase}"') if self.fts else (_HOLDS, f" {phrase} ")
        # By number and not by rank: bm25 reads a table row for every match, and ranking a word that stands in all of
        # 40,000 entries took 72 ms.
        asked = f"SELECT rowid FROM docs WHERE {wanted} ORDER BY rowid DESC LIMIT {READ}"
        return [number for (number,) in self.db.execute(asked, (given,))]

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """Return those entries, an insight in the place of the commit in which it clicked."""
        listed = ", ".join(map(str, numbers))
        told = f"SELECT place FROM entries WHERE number IN ({listed}) AND kind = 'commit'"
        also = f"SELECT number FROM entries WHERE kind = 'insight' AND place IN ({told})"
        columns = "e.number, e.kind, e.place, e.topic, d.text, d.words, d.topic, d.more"
        asked = f"SELECT {columns} FROM entries e JOIN docs d ON d.rowid = e.number WHERE e.number IN"
        found = self.db.execute(f"{asked} ({listed}) UNION {asked} ({also})").fetchall()
        spoken_for = {place for _, kind, place, *_ in found if kind == INSIGHT}
        return [
            Row(number, kind, place, topic, {part: text.split() for part, text in zip(PARTS, texts, strict=True)})
            for number, kind, place, topic, *texts in found
            if kind == INSIGHT or place not in spoken_for
        ]

    def entry(self, number: int) -> tuple[str, str, str, str]:
        """Kind, place, text and topic of an entry."""
        asked = "SELECT kind, place, text, topic FROM entries WHERE number = ?"
        kind, place, text, topic = self.db.execute(asked, (number,)).fetchone()
        return kind, place, text, topic

    def commit(self, place: str) -> tuple[str, str, list[str]]:
        """Date, subject and files of a commit; of an insight that is in none, nothing."""
        row = self.db.execute("SELECT date, subject, files FROM commits WHERE place = ?", (place,)).fetchone()
        date, subject, files = row or ("", "", "")
        return date, subject, files.split("\n") if files else []
