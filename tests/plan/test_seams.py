from devtools.plan.seams import pieces

TWO = "def one():\n    return 1\n\n\n@cached\ndef two():\n    return 2\n"


def cut(path, text):
    lines = text.splitlines(keepends=True)
    ends = pieces(path, lines)
    return ["".join(lines[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


def test_two_functions_are_two_pieces_and_a_decorator_stays_with_its_own():
    assert cut("a.py", TWO) == ["def one():\n    return 1\n\n\n", "@cached\ndef two():\n    return 2\n"]


def test_blank_lines_go_with_what_follows_where_the_run_begins_with_them():
    assert cut("a.py", "\n\n" + TWO) == ["\n\ndef one():\n    return 1\n", "\n\n@cached\ndef two():\n    return 2\n"]


def test_what_is_inside_a_definition_is_not_cut():
    text = "class A:\n    def one(self): ...\n\n    def two(self): ...\n"
    assert cut("a.py", text) == [text]
    inner = "    def one(self): ...\n\n    # why\n    def two(self): ...\n"
    assert cut("a.py", inner) == ["    def one(self): ...\n\n", "    # why\n    def two(self): ...\n"]


def test_each_import_is_a_piece():
    assert cut("a.py", "import os\nfrom a.b import (\n    c,\n)\n") == ["import os\n", "from a.b import (\n    c,\n)\n"]


def test_prose_is_cut_at_list_entries_and_headings_of_the_outer_margin():
    assert cut("NEWS.md", "- one\n  - more\n- two\n## New\ntext\n") == [
        "- one\n  - more\n",
        "- two\n",
        "## New\ntext\n",
    ]


def test_blank_lines_alone_are_one_piece():
    assert cut("a.py", "\n\n") == ["\n\n"]
    assert cut("a.md", "\n") == ["\n"]
