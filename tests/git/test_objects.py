import os

import pytest

from devtools.errors import ToolError
from devtools.git import objects
from devtools.plan.changes import diff
from devtools.plan.hunks import apply


def trees(repository, before, after):
    """Two trees, made of names and bytes."""
    ids = []
    for files in (before, after):
        repository.git("rm", "-rqf", "--cached", "--ignore-unmatch", ".")
        for name, data in files.items():
            path = os.path.join(os.fsencode(repository.path), name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as stream:
                stream.write(data)
            repository.git("add", "-f", "--", os.fsdecode(name))
        ids.append(repository.git("write-tree").strip())
    return str(repository.path), *ids


def test_hunks_laid_over_the_old_text_give_the_new_one_byte_for_byte(repository):
    before = {b"a b.txt": b"1\n2\n3\n", b"dir/new\nline": b"x", b"caf\xe9": b"\xff\n", b"gone": b"g\n"}
    after = {b"a b.txt": b"1\r\n2\n3", b"dir/new\nline": b"x\ny", b"caf\xe9": b"\xff\n\xfe\n", b"come": b"c\n"}
    root, old, new = trees(repository, before, after)
    changes = diff(root, old, new)
    texts = objects.blobs(root, [i for c in changes for i in (c.old_id, c.new_id) if i.strip("0")])
    assert {os.fsencode(change.path) for change in changes} == {*before, *after}
    for change in changes:
        assert apply(texts.get(change.old_id, ""), change.hunks) == texts.get(change.new_id, "")


def test_a_person_s_diff_settings_change_nothing(repository):
    root, old, new = trees(repository, {b"a": b"1\n2\n3\n4\n"}, {b"a": b"1\n9\n3\n8\n"})
    plain = diff(root, old, new)
    for name, value in (("diff.noprefix", "true"), ("diff.external", "false"), ("color.diff", "always")):
        repository.git("config", name, value)
    repository.git("config", "diff.interHunkContext", "9")
    assert diff(root, old, new) == plain
    assert len(plain[0].hunks) == 2


def test_blobs_are_written_as_they_are_even_where_a_filter_would_change_them(repository):
    repository.put(".gitattributes", "* text eol=lf\n")
    ids = objects.write_blobs(str(repository.path), ["a\r\n", "\udcff", ""])
    assert objects.blobs(str(repository.path), ids) == dict(zip(ids, ["a\r\n", "\udcff", ""], strict=True))


def test_nothing_asked_starts_no_process(tmp_path):
    assert (objects.blobs(str(tmp_path), []), objects.write_blobs(str(tmp_path), [])) == ({}, [])


def test_a_git_that_fails_is_named_with_its_own_words(repository):
    with pytest.raises(ToolError, match="git diff-tree failed") as error:
        diff(str(repository.path), "nothing", "nothing")
    assert "nothing" in error.value.hint


def test_generated_files_are_those_that_the_attributes_of_the_tree_mark(repository):
    attributes = b"gen/** linguist-generated\nx.py linguist-generated=true\ny.py -linguist-generated\n"
    files = {b"gen/a\n\xff.py": b"", b"x.py": b"", b"y.py": b"", b"z.py": b""}
    root, bare, marked = trees(repository, files, {**files, b".gitattributes": attributes})
    paths = [os.fsdecode(name) for name in files]
    assert objects.generated(root, marked, paths) == {"x.py", os.fsdecode(b"gen/a\n\xff.py")}
    assert objects.generated(root, bare, paths) == set()
    _, _, below = trees(repository, {}, {b"p/.gitattributes": b"*.pb linguist-generated", b"p/a.pb": b"", b"a.pb": b""})
    assert objects.generated(root, below, ["p/a.pb", "a.pb"]) == {"p/a.pb"}
