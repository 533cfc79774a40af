import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.hooks.shell import commands


def words(text):
    return [command.words for command in commands(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("git status", [["git", "status"]]),
        ("a && b || c; d & e | f\ng", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"]]),
        ("a 'b  c' \"d $e\" f\\ g", [["a", "b  c", "d $e", "f g"]]),
        ("a \\\n b", [["a", "b"]]),
        ("g'i't com\"mit\"", [["git", "commit"]]),
        ("g\\\nit a", [["git", "a"]]),
        ("a # git commit\nb c#d", [["a"], ["b", "c#d"]]),
        ("(a; b) c", [["a"], ["b"], ["c"]]),
        ("a $(b $(c)) d", [["c"], ["b", "$(c)"], ["a", "$(b $(c))", "d"]]),
        ('a "$(b "c d")"', [["b", "c d"], ["a", '$(b "c d")']]),
        ("a `b \\`c\\`` d", [["c"], ["b", "`c`"], ["a", "`b \\`c\\``", "d"]]),
        ("a <(b) c", [["b"], ["a", "/dev/fd/63", "c"]]),
        ("a $((1 + 2)) ${b:-c d}", [["a", "$((1 + 2))", "${b:-c d}"]]),
        ("$'g\\x69t' $'\\143ommit' $'a\\nb\\'c'", [["git", "commit", "a\nb'c"]]),
        ("a ';' b '&&' \"|\" c", [["a", ";", "b", "&&", "|", "c"]]),
        ("a ) b", [["a"], ["b"]]),
        ("a 'unclosed b", [["a", "unclosed b"]]),
        ("a $(b", [["b"], ["a", "$(b"]]),
        ('a "\\x\\"\\\n" b', [["a", '\\x"', "b"]]),
        ("", []),
    ],
)
def test_words_are_read_as_the_shell_reads_them(text, expected):
    assert words(text) == expected


def test_redirections_are_no_words_and_name_what_is_written():
    (command,) = commands("a >x 2>>y 2>&1 <z &>w b >&v 7<u >|t")
    assert command.words == ["a", "b"]
    assert command.writes == ["x", "y", "w", "v", "t"]
    assert [command.writes for command in commands("> only.py")] == [["only.py"]]


def test_a_here_document_is_fed_to_its_command_and_no_command_itself():
    first, second = commands("cat <<'EOF' > a\ngit commit\nEOF\nb <<-E\n\tc\n\tE")
    assert (first.words, first.stdin, first.writes) == (["cat"], "git commit", ["a"])
    assert (second.words, second.stdin) == (["b"], "c")
    assert [command.stdin for command in commands("sh <<< 'git commit'")] == ["git commit"]


def test_a_pipe_is_known_from_its_end():
    first, second, third = commands("a b | c || d")
    assert second.piped is first
    assert first.piped is third.piped is None


@given(st.lists(st.text("ab '\"\\$;#&|\n\t<>(){}", min_size=1), min_size=1, max_size=4))
def test_what_python_quotes_for_a_shell_is_read_back(values):
    import shlex

    assert words(shlex.join(values)) == [values]


@given(st.text("ab '\"\\$`;#&|\n<>(){}-x0"))
def test_any_text_is_read_to_its_end(text):
    assert isinstance(commands(text), list)


@given(st.lists(st.sampled_from(["a", "'b c'", '"d\\"e"', "\\ f", "g\\\nh", "$'i\\tj'", "''", "k#l"]), min_size=1))
def test_words_agree_with_bash(parts):
    line = "printf '%s\\0' " + " ".join(parts)
    said = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True, cwd="/").stdout
    assert words(line)[0][2:] == said.split("\0")[:-1]


def test_each_word_has_its_place_and_each_command_its_end():
    text = "a 'b c' 2>&1 | d; echo $(e) <(f)\ng"
    found = commands(text)
    assert [command.ended for command in found] == ["|", ";", "", "", "\n", ""]
    assert [command.inner for command in found] == [False, False, True, True, False, False]
    places = [[text[place] for place in command.begins] for command in found]
    assert places == [["a", "'"], ["d"], ["e"], ["f"], ["e", "$", "<"], ["g"]]
    assert (found[0].redirections, text[found[0].stop]) == (["2>&1"], "|")
