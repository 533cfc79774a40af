"""Digests of the modules of a tree."""

from devtools.project import fingerprint
from devtools.selection.affected import Memory
from devtools.selection.codes import codes
from devtools.syntax.code import read


def test_each_module_has_the_digests_of_its_text_and_a_known_one_keeps_them(repository):
    repository.put("a.py", "x = 1\n")
    repository.put("b.py", "x = (\n")
    repository.put("data.json", "{}")
    hashes, _ = fingerprint.files(str(repository.path))
    assert codes(str(repository.path), hashes, None) == {"a.py": read(b"x = 1\n")}
    memory = Memory("", hashes, {}, {}, codes={"a.py": ["1", "2", False, True]})
    assert codes(str(repository.path), hashes, memory) == {"a.py": ["1", "2", False, True]}


def test_docstrings_are_code_where_they_are_wanted(repository):
    repository.put("a.py", "'''Say.'''\n")
    hashes, _ = fingerprint.files(str(repository.path))
    taken = codes(str(repository.path), hashes, None, docs=True)["a.py"]
    assert taken.bare == taken.whole != read(b"'''Say.'''\n").bare


def test_a_module_that_changes_while_it_is_looked_at_has_no_digest(repository):
    repository.put("a.py", "x = 1\n")
    hashes = {"a.py": f"{'0' * 64} 33188", "gone.py": "1 33188"}
    assert codes(str(repository.path), hashes, None) == {}
