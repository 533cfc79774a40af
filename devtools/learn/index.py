"""A full-text index of LEARNINGS.md and the commit messages, in the git directory: made again when stale, no source.

Tables: `docs` is what is searched; `clicks` says in which commit an insight clicked, by its key; `commits` what those
commits are; `meta` for which HEAD and which LEARNINGS.md all of it is.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Sequence
from typing import NamedTuple

from devtools.errors import ToolError
from devtools.learn import file as learning
from devtools.learn import markdown as learnings
from devtools.learn import origin as clicks
from devtools.learn.query import Term, expression, score
from devtools.system import sealed
from devtools.system.store import Store

FILE = "search.sqlite"
FILES = (FILE, *(f"{FILE}-{what}" for what in ("journal", "wal", "shm")))
VERSION = "1"
LOCK_SECONDS = 10.0
RACY_SECONDS = 2.0  # a file that was written so shortly before it was read may change again within one clock tick
RANKED = 2000  # of words that stand almost everywhere, the newest places are ranked: each ranked one costs time
_COLUMNS = "text, topic, kind, place"
_TABLES = (
    "CREATE TABLE clicks (key TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID",
    "CREATE TABLE commits (place TEXT PRIMARY KEY, date TEXT, subject TEXT) WITHOUT ROWID",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
)


class Hit(NamedTuple):
    """An insight or a commit that has the words; the commit is the one in which it clicked, empty where none is."""

    kind: str
    text: str
    topic: str
    commit: str
    date: str
    subject: str


def search(root: str, wanted: Sequence[Term], limit: int, every: bool = True, fts: bool = True) -> list[Hit]:
    """The best hits first. A damaged index is made anew; without FTS5 (or `fts`) words are counted instead."""
    store = Store(root)
    head = learning.head(root)

    def found() -> list[Hit]:
        with contextlib.closing(_open(store)) as database:  # what is not committed is rolled back by the closing
            index = _Index(database, fts)
            index.refresh(root, head)
            return index.find(wanted, limit, every)

    try:
        try:
            return found()
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise
            _discard(store)
            return found()
    except sqlite3.DatabaseError as error:
        raise ToolError("the search index cannot be used", str(error)) from error


def _open(store: Store) -> sqlite3.Connection:
    """The index file, or one in memory where none can be written."""
    try:
        with store.locked():
            if any(os.path.islink(os.path.join(store.folder, name)) for name in FILES):
                _discard(store)
        return sqlite3.connect(os.path.join(store.folder, FILE), timeout=LOCK_SECONDS, isolation_level=None)
    except (OSError, sqlite3.OperationalError):
        return sqlite3.connect(":memory:", isolation_level=None)


def _discard(store: Store) -> None:
    for name in FILES:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(store.folder, name))


class _Index:
    """One open database."""

    def __init__(self, database: sqlite3.Connection, fts: bool) -> None:
        self.db = database
        self.fts = fts and _has_fts(database)

    def refresh(self, root: str, head: str) -> None:
        """Bring it to this HEAD and this LEARNINGS.md, all or nothing; two sessions wait for one another."""
        path = os.path.join(root, learning.NAME)
        if self._is_fresh(head, _stat(path)):
            return
        self.db.execute("BEGIN IMMEDIATE")
        if not self._is_fresh(head, _stat(path)):
            self._renew(root, head, path)
        self.db.execute("COMMIT")

    def _renew(self, root: str, head: str, path: str) -> None:
        known = self._meta()
        since = known.get("head", "")
        whole = known.get("version") != self._version() or (since != head and not learning.follows(root, since))
        if whole:
            self._make()
            since = ""
        self._add_commits(root, head, since)
        stat = _stat(path)
        self._add_insights(root, since, whole or since != head)
        marks = [("version", self._version()), ("head", head), ("stat", stat)]
        self.db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", marks)

    def find(self, wanted: Sequence[Term], limit: int, every: bool) -> list[Hit]:
        rows = self._matches(wanted, limit, every) if self.fts else self._counted(wanted, limit, every)
        return _once([self._hit(*row) for row in rows])[:limit]

    def _matches(self, wanted: Sequence[Term], limit: int, every: bool) -> list[tuple[str, str, str, str]]:
        scored = "SELECT *, rowid AS number, bm25(docs, 1.0, 0.5) AS score FROM docs WHERE docs MATCH ?"
        newest = f"{scored} ORDER BY rowid DESC LIMIT {RANKED}"
        return self.db.execute(
            f"SELECT {_COLUMNS} FROM ({newest}) ORDER BY score, number DESC LIMIT ?",
            (expression(wanted, every), 3 * limit),
        ).fetchall()

    def _counted(self, wanted: Sequence[Term], limit: int, every: bool) -> list[tuple[str, str, str, str]]:
        rows = self.db.execute(f"SELECT {_COLUMNS} FROM docs ORDER BY rowid DESC").fetchall()
        scored = [(score(wanted, f"{row[0]} {row[1]}", every), row) for row in rows]
        best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
        return [row for _, row in best[: 3 * limit]]

    def _hit(self, text: str, topic: str, kind: str, place: str) -> Hit:
        if kind == "insight":
            found = self.db.execute("SELECT place FROM clicks WHERE key = ?", (learnings.key(text),)).fetchone()
            place = found[0] if found else ""
        commit = self.db.execute("SELECT date, subject FROM commits WHERE place = ?", (place,)).fetchone()
        return Hit(kind, text, topic, place, *(commit or ("", "")))

    def _is_fresh(self, head: str, stat: str) -> bool:
        known = self._meta()
        return (known.get("version"), known.get("head"), known.get("stat")) == (self._version(), head, stat)

    def _version(self) -> str:
        return f"{VERSION}{'' if self.fts else ' without FTS5'}"

    def _meta(self) -> dict[str, str]:
        if not self.db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
            return {}
        return dict(self.db.execute("SELECT name, value FROM meta").fetchall())

    def _make(self) -> None:
        for name in ("docs", "clicks", "commits", "meta"):
            self.db.execute(f"DROP TABLE IF EXISTS {name}")
        tokens = "tokenize = 'porter unicode61 remove_diacritics 2'"
        virtual = f"CREATE VIRTUAL TABLE docs USING fts5(text, topic, kind UNINDEXED, place UNINDEXED, {tokens})"
        for table in (virtual if self.fts else f"CREATE TABLE docs ({_COLUMNS})", *_TABLES):
            self.db.execute(table)

    def _add_commits(self, root: str, head: str, since: str) -> None:
        if head == since:
            return
        rows = [tuple(map(_storable, row)) for row in learning.messages(root, since)]
        self.db.executemany(
            "INSERT OR REPLACE INTO commits VALUES (?, ?, ?)",
            ((commit, date, subject) for commit, date, subject, _ in rows),
        )
        self.db.executemany(
            f"INSERT INTO docs ({_COLUMNS}) VALUES (?, '', 'commit', ?)",
            ((f"{subject}\n{body}".strip(), commit) for commit, _, subject, body in rows),
        )

    def _add_insights(self, root: str, since: str, moved: bool) -> None:
        """What the file gained or lost since, and the commits in which insights clicked."""
        entries = learnings.parse(learning.read(root))
        current = {(_storable(entry.text), _storable(entry.topic)) for entry in entries}
        stored = {
            row[1:]: row[0] for row in self.db.execute("SELECT rowid, text, topic FROM docs WHERE kind = 'insight'")
        }
        gone = [(stored[pair],) for pair in stored.keys() - current]
        self.db.executemany("DELETE FROM docs WHERE rowid = ?", gone)
        new = [
            pair
            for pair in dict.fromkeys((_storable(e.text), _storable(e.topic)) for e in entries)
            if pair not in stored
        ]
        self.db.executemany(f"INSERT INTO docs ({_COLUMNS}) VALUES (?, ?, 'insight', '')", new)
        if moved or new:
            logged, noted = learning.logged(root, since), learning.noted(root, since)
            found = clicks.commits([text for text, _ in current] if logged else [], logged, noted)
            rows = [(_storable(name), place) for name, place in found.items()]
            self.db.executemany("INSERT OR IGNORE INTO clicks VALUES (?, ?)", rows)


def _has_fts(database: sqlite3.Connection) -> bool:
    return bool(database.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])


def _once(hits: Sequence[Hit]) -> list[Hit]:
    """Without the commits whose insight is a hit as well."""
    told = {hit.commit for hit in hits if hit.kind == "insight"}
    return [hit for hit in hits if hit.kind == "insight" or hit.commit not in told]


def _stat(path: str) -> str:
    """What tells that the file is as it was: size and time, and its digest while it is young."""
    try:
        info = os.stat(path)
        stat = f"{info.st_size} {info.st_mtime_ns} {info.st_ino}"
        if time.time() - info.st_mtime > RACY_SECONDS:
            return stat
        import hashlib

        return f"{stat} {hashlib.sha256(sealed.contents(path, learning.MOST)).hexdigest()}"
    except OSError:
        return "none"


def _storable(text: str) -> str:
    """Undecodable bytes as question marks: the index is for finding."""
    return text.encode("utf-8", "replace").decode()
