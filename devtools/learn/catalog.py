"""What is searched: LEARNINGS.md and the commit messages, by their stems, in the git directory. Made again when stale.

Tables: `docs` has the stems of each entry, `entries` its words, under one number; `vocabulary` has each word and its
stem; `clicks` says in which commit an insight clicked, by its key; `commits` what those commits are; `meta` for which
HEAD and which LEARNINGS.md all of it is.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence

from devtools.errors import ToolError
from devtools.learn import file as learning
from devtools.learn import markdown as learnings
from devtools.learn import origin as clicks
from devtools.learn.markdown import Entry
from devtools.learn.stems import stem, words
from devtools.system import sealed
from devtools.system.store import Store

FILE = "search.sqlite"
FILES = (FILE, *(f"{FILE}-{what}" for what in ("journal", "wal", "shm")))
VERSION = "2"
LOCK_SECONDS = 10.0
RACY_SECONDS = 2.0  # a file that was written so shortly before it was read may change again within one clock tick
MOST = 100_000  # signs of one entry that are searched
PARTS = ("text", "words", "topic", "more")
INSIGHT, COMMIT = "insight", "commit"
_DOCS = ", ".join(PARTS)
_TRAILER = "\nInsight:"  # what follows stands in the insight itself
_TABLES = (
    "CREATE TABLE entries (number INTEGER PRIMARY KEY, kind TEXT, place TEXT, text TEXT, topic TEXT, words TEXT)",
    "CREATE INDEX insights ON entries (place) WHERE kind = 'insight'",
    "CREATE TABLE vocabulary (word TEXT PRIMARY KEY, back TEXT, stem TEXT) WITHOUT ROWID",
    "CREATE INDEX backwards ON vocabulary (back)",
    "CREATE TABLE clicks (key TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID",
    "CREATE TABLE commits (place TEXT PRIMARY KEY, date TEXT, subject TEXT, files TEXT) WITHOUT ROWID",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
)
_Row = tuple[str, str, str, str, str]  # kind, place, text, topic, words


@contextlib.contextmanager
def opened(root: str, fts: bool = True) -> Iterator[Catalog]:
    """Hand out the catalog of this HEAD and this LEARNINGS.md. A damaged one is made anew.

    Without FTS5 (or `fts`) its tables are plain ones.
    """
    store = Store(root)
    try:
        try:
            catalog = _fresh(store, root, fts)
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise
            _discard(store)
            catalog = _fresh(store, root, fts)
        with contextlib.closing(catalog.db):  # what is not committed is rolled back by the closing
            yield catalog
    except sqlite3.DatabaseError as error:
        raise ToolError("the search index cannot be used", str(error)) from error


def _fresh(store: Store, root: str, fts: bool) -> Catalog:
    database = _connected(store)
    try:
        catalog = Catalog(database, fts)
        catalog.refresh(root, learning.head(root))
    except BaseException:
        database.close()
        raise
    return catalog


def _connected(store: Store) -> sqlite3.Connection:
    """The file, or one in memory where none can be written."""
    try:
        with store.locked():
            # SQLite would follow a link, and write wherever it leads.
            if any(os.path.islink(os.path.join(store.folder, name)) for name in FILES):
                _discard(store)
        return sqlite3.connect(os.path.join(store.folder, FILE), timeout=LOCK_SECONDS, isolation_level=None)
    except (OSError, sqlite3.OperationalError):
        return sqlite3.connect(":memory:", isolation_level=None)


def _discard(store: Store) -> None:
    for name in FILES:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(store.folder, name))


class Catalog:
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
        if head != since:
            self._add_commits(learning.messages(root, since))
        stat = _stat(path)
        self._add_insights(root, since, whole or since != head)
        marks = [("version", self._version()), ("head", head), ("stat", stat)]
        self.db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", marks)

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
        for name in ("frequency", "docs", "entries", "vocabulary", "clicks", "commits", "meta"):
            self.db.execute(f"DROP TABLE IF EXISTS {name}")
        if self.fts:
            self.db.execute(f"CREATE VIRTUAL TABLE docs USING fts5({_DOCS}, tokenize = 'unicode61')")
            self.db.execute("CREATE VIRTUAL TABLE frequency USING fts5vocab(docs, row)")
        else:
            self.db.execute(f"CREATE TABLE docs (rowid INTEGER PRIMARY KEY, {_DOCS})")
        for table in _TABLES:
            self.db.execute(table)

    def _add_commits(self, messages: Sequence[tuple[str, str, str, str]]) -> None:
        rows = [tuple(map(_storable, row)) for row in messages]
        self.db.executemany(
            "INSERT OR REPLACE INTO commits VALUES (?, ?, ?, '')",
            ((commit, date, subject) for commit, date, subject, _ in rows),
        )
        self._add(((COMMIT, commit, f"{subject}\n{body}".strip(), "", "") for commit, _, subject, body in rows), {})

    def _add_insights(self, root: str, since: str, moved: bool) -> None:
        """What the file gained or lost since, and the commits in which insights clicked."""
        entries = {_row(entry): None for entry in learnings.parse(learning.read(root))}
        listed = self.db.execute(f"SELECT text, topic, words, place, number FROM entries WHERE kind = '{INSIGHT}'")
        stored = {row[:3]: row[3:] for row in listed}
        if moved or entries.keys() - stored.keys():
            logged, noted = learning.logged(root, since), learning.noted(root, since)
            found = clicks.commits([text for text, _, _ in entries] if logged else [], logged, noted)
            rows = [(_storable(name), place) for name, place in found.items()]
            self.db.executemany("INSERT OR IGNORE INTO clicks VALUES (?, ?)", rows)
        places = dict(self.db.execute("SELECT key, place FROM clicks").fetchall())
        wanted = {(*row, places.get(learnings.key(row[0]), "")): None for row in entries}
        held = {(*row, place): number for row, (place, number) in stored.items()}
        gone = [(number,) for row, number in held.items() if row not in wanted]
        for table, column in (("docs", "rowid"), ("entries", "number")):
            self.db.executemany(f"DELETE FROM {table} WHERE {column} = ?", gone)
        new = [row for row in wanted if row not in held]
        self._add_files(root, {place for *_, place in new if place})
        self._add(((INSIGHT, place, text, topic, said) for text, topic, said, place in new), self._more(new))

    def _add_files(self, root: str, places: set[str]) -> None:
        """Note which files those commits touched."""
        known = self.db.execute("SELECT place FROM commits WHERE files <> ''").fetchall()
        touched = learning.touched(root, sorted(places - {place for (place,) in known}))
        rows = [(_storable("\n".join(paths)), commit) for commit, paths in touched.items()]
        self.db.executemany("UPDATE commits SET files = ? WHERE place = ?", rows)

    def _more(self, rows: Iterable[tuple[str, str, str, str]]) -> dict[str, str]:
        """What else is known of the commits in which insights clicked: their messages and their files."""
        wanted = {place for *_, place in rows if place}
        asked = f"SELECT place, text, files FROM entries JOIN commits USING (place) WHERE kind = '{COMMIT}'"
        return {
            place: f"{text.partition(_TRAILER)[0]}\n{files}"
            for place, text, files in self.db.execute(asked)
            if place in wanted
        }

    def _add(self, rows: Iterable[_Row], more: dict[str, str]) -> None:
        known: dict[str, str] = {}
        number = int(self.db.execute("SELECT coalesce(max(number), 0) FROM entries").fetchone()[0])
        entries, docs = [], []
        for kind, place, text, topic, said in rows:
            number += 1
            parts = (text, said, topic, more.get(place, ""))
            entries.append((number, kind, place, text, topic, said))
            docs.append((number, *(_stemmed(part[:MOST], known) for part in parts)))
            if len(docs) == 1000:
                self._insert(entries, docs)
                entries, docs = [], []
        self._insert(entries, docs)
        vocabulary = [(word, word[::-1], base) for word, base in known.items()]
        self.db.executemany("INSERT OR IGNORE INTO vocabulary VALUES (?, ?, ?)", vocabulary)

    def _insert(self, entries: Sequence[Sequence[object]], docs: Sequence[Sequence[object]]) -> None:
        self.db.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", entries)
        self.db.executemany(f"INSERT INTO docs (rowid, {_DOCS}) VALUES (?, ?, ?, ?, ?)", docs)


def _has_fts(database: sqlite3.Connection) -> bool:
    return bool(database.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])


def _row(entry: Entry) -> tuple[str, str, str]:
    return _storable(entry.text), _storable(entry.topic), _storable(entry.words)


def _stemmed(text: str, known: dict[str, str]) -> str:
    """The stems of a text on one line; its words go into what is known."""
    found = []
    for word in words(text):
        base = known.get(word)
        if base is None:
            base = known[word] = stem(word)
        found.append(base)
    return " ".join(found)


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
