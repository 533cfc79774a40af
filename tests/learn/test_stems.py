import pytest

from devtools.learn.stems import LONGEST, parts, stem, stems, words


@pytest.mark.parametrize(
    "forms",
    [
        "measure measures measured measuring measurement",
        "merge merges merged merging merger",
        "commit commits committed committing",
        "order orders ordered ordering",
        "pass passes passed",
        "file files filed filing",
        "query queries",
        "create created creation",
        "fail fails failed failing failure",
        "write writes wrote written writer",
        "class classes",
        "process processes processed",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1


def test_short_words_and_names_with_digits_stay_as_they_are():
    assert [stem(word) for word in ("red", "bus", "string", "fts5", "überall")] == [
        *("red", "bus", "string", "fts5", "überall"),
    ]


def test_words_have_neither_case_nor_accents_and_a_long_one_is_cut():
    assert words("Café `os._exit(0)`, it's") == ["cafe", "os", "exit", "0", "it", "s"]
    assert words("x" * 99) == ["x" * LONGEST]


def test_a_name_in_camel_case_is_found_whole_and_by_its_parts():
    assert words("PreToolUse SIGINT") == ["pretooluse", "pre", "tool", "use", "sigint"]
    assert (parts("preToolUse"), parts("plain")) == (["pre", "tool", "use"], [])


def test_stems_come_in_the_order_of_the_words():
    assert stems("Merging two files") == ["merg", "two", "fil"]
