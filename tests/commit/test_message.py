import random
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.commit.message import cleaned, parse, problems, retyped, unescaped, with_trailers
from devtools.project.config import Config


def faults(text, **settings):
    return [problem.message for problem in problems(parse(text), Config(**settings))]


def test_a_message_is_read_into_its_parts():
    text = "feat(core)!: read a message\n\nWhy, in\ntwo lines.\n\nAnd more.\n\nInsight: one\n two\nRefs: #3\n"
    message = parse(text)
    assert (message.type, message.scope, message.breaking) == ("feat", "core", True)
    assert message.subject == "feat(core)!: read a message"
    assert message.body == "Why, in\ntwo lines.\n\nAnd more."
    assert message.trailers == (("Insight", "one two"), ("Refs", "#3"))
    assert message.values("insight") == ["one two"]
    assert faults(text) == []


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("fix: x", "fix"),
        ("Fix(a b/c): x", "fix"),
        ("fixup! squash! fix(a): x", "fix"),
        ("amend! docs: x", "docs"),
        ('Revert "feat: x"', "revert"),
        ('fixup! Reapply "anything at all"', "revert"),
        ("revert: x", "revert"),
        ("fix x", ""),
        ("fix:x", ""),
        ("fix(): x", ""),
        ("fix : x", ""),
        ("fix(a)(b): x", ""),
        ("", ""),
    ],
)
def test_the_type_is_that_of_the_subject_or_of_what_git_wrapped(subject, kind):
    assert parse(subject).type == kind
    assert (faults(subject) == []) == bool(kind)


@pytest.mark.parametrize(
    ("text", "breaking"),
    [
        ("feat!: x", True),
        ("fixup! feat!: x", True),
        ("feat: x\n\nBREAKING CHANGE: y", True),
        ("feat: x\n\nBREAKING-CHANGE #1", True),
        ("feat: x\n\nno BREAKING CHANGE: y", False),
        ("feat: x\n\nbreaking change: y", False),
        ("feat: BREAKING CHANGE: y", False),
    ],
)
def test_breaking_is_a_mark_in_the_subject_or_a_footer_in_capitals(text, breaking):
    assert parse(text).breaking is breaking


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the message is empty"),
        (" \n\t\n", "the message is empty"),
        ("wip", "'wip' is not TYPE(SCOPE): WHAT: begin with one of feat, fix"),
        ("an over-long line that is no subject", "'an over-long line that is no …' is not"),
        ("wip: x", "type wip is not allowed: use one of feat, fix"),
        ("feat: " + "é" * 67, "the subject has 73 characters, at most 72"),
        ("feat: x\nbody", "the line after the subject is not blank"),
        ("feat: a\0b", "NUL"),
    ],
)
def test_a_bad_message_is_told_what_to_do(text, words):
    assert [words in fault for fault in faults(text)] == [True]
    assert {problem.code for problem in problems(parse(text), Config())} == {"bad-message"}


def test_all_faults_are_told_together_and_72_characters_fit():
    assert len(faults("x" * 73 + "\nbody\0")) == 4
    assert faults("feat: " + "é" * 66) == []
    assert faults('Revert "feat: ' + "é" * 66 + '"') == []
    assert faults("fixup! feat: " + "é" * 66) == []


def test_the_types_are_the_projects_own():
    assert faults("Story: x", commit_types=("story",)) == []
    assert "type feat is not allowed: use one of story" in faults("feat: x", commit_types=("story",))[0]
    assert "type revert is not allowed" in faults('Revert "x"', commit_types=("story",))[0]


def test_a_project_may_name_its_scopes_and_a_subject_needs_none():
    assert faults("fix(api): x", scopes=("api", "web")) == faults("fix(api, web): x", scopes=("api", "web")) == []
    assert faults("fix: x", scopes=("api",)) == faults("fix(other): x") == []
    assert faults("fix(other): x", scopes=("api", "web")) == [
        "scope other is not allowed: use one of api, web, or none"
    ]
    assert faults("fixup! fix(other): x", scopes=("api",)) != []


def test_a_project_may_ask_for_a_ticket_but_not_of_a_revert():
    wanted = "[A-Z]+-[0-9]+"
    assert faults("fix: x\n\nRefs: AB-12", ticket=wanted) == faults('Revert "fix: x"', ticket=wanted) == []
    assert faults("fix: x", ticket=wanted) == [f"the message names no ticket: add one that fits {wanted}"]


def test_a_project_may_bound_the_width_of_the_body_but_no_word_is_broken():
    long = "a line of words that is too wide " * 3
    (fault,) = faults(f"fix: x\n\nshort\n{long}\n{long}\n\nRefs: {long}", max_body_width=72)
    assert fault.startswith("a line of the body has 98 columns, at most 72: break 'a line of words")
    assert (
        faults(f"fix: x\n\nsee https://example.org/{'x' * 80}", max_body_width=72) == faults(f"fix: x\n\n{long}") == []
    )


def test_cleaning_takes_comment_lines_only_where_a_comment_sign_is_given():
    text = "\n\n# a\nfeat: x  \n\n\n; b\nbody\r\n\n"
    assert cleaned(text) == "# a\nfeat: x\n\n; b\nbody"
    assert cleaned(text, "#") == "feat: x\n\n; b\nbody"
    assert cleaned(text, ";") == "# a\nfeat: x\n\nbody"


def test_trailers_join_the_block_that_is_there_and_never_twice():
    assert with_trailers("feat: x", [("Topic", "a")]) == "feat: x\n\nTopic: a\n"
    assert with_trailers("feat: x\n\nRefs: 1\n", [("Topic", "a"), ("Topic", "a")]) == "feat: x\n\nRefs: 1\nTopic: a\n"
    assert with_trailers("feat: x\n\nRefs: 1\n", [("Refs", "1"), ("Topic", " \n")]) == "feat: x\n\nRefs: 1\n"
    assert with_trailers("feat: x\n\nBREAKING CHANGE: b", [("Topic", "a")]).endswith("CHANGE: b\n\nTopic: a\n")


LINES = (
    *("feat: x", "", "", "words of a body", "Key: value", "Insight: a", " folded", "\ttoo", "a b: no", "key : yes"),
    *("Signed-off-by: A <a@b>", "(cherry picked from commit 1234)", "BREAKING CHANGE: b", "-: x", "é: no", "Key:"),
    *("http://x", "  ", "# a comment"),
)
TEXTS = st.lists(st.sampled_from(LINES), max_size=9).map("\n".join)
VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t"), max_size=30)


@given(TEXTS, st.lists(st.tuples(st.sampled_from(["Insight", "Topic"]), VALUES), max_size=3))
def test_trailers_added_are_read_back_folded_into_one_line_after_those_that_were_there(text, trailers):
    before = parse("feat: title\n\n" + text)
    result = with_trailers("feat: title\n\n" + text, trailers)
    expected = list(before.trailers)
    for key, value in trailers:
        folded = " ".join(part.strip() for part in value.splitlines() if part.strip())
        if folded and (key, folded) not in expected:
            expected.append((key, folded))
    assert list(parse(result).trailers) == expected
    assert with_trailers(result, trailers) == result
    assert parse(result).subject == before.subject


@given(TEXTS)
def test_cleaning_is_done_once_and_for_all_and_parsing_takes_anything(text):
    assert cleaned(cleaned(text)) == cleaned(text)
    assert "\n\n\n" not in cleaned(text)
    message = parse(text)
    assert message.body == message.body.strip("\n")


def test_trailers_and_cleaning_are_as_git_itself_has_them(repository):
    choose = random.Random(7)
    bodies = [[choose.choice(LINES) for _ in range(choose.randrange(1, 9))] for _ in range(400)]
    texts = ["\n".join(["feat: t", "", *body]) for body in bodies]
    stream = ""
    for number, text in enumerate(texts):
        data = cleaned(text) + "\n"
        stream += f"commit refs/heads/m{number}\ncommitter A <a@b> 1 +0000\ndata {len(data.encode())}\n{data}\n"
    subprocess.run(["git", "fast-import", "--quiet"], input=stream.encode(), cwd=repository.path, check=True)
    shown = repository.git("for-each-ref", "--sort=version:refname", "--format=%(contents:trailers:only,unfold)%00")
    theirs = [entry.strip("\n").split("\n") for entry in shown.split("\0")[:-1]]
    ours = [[f"{key}: {value}" for key, value in parse(text).trailers] or [""] for text in texts]
    assert [(text, one) for text, one, other in zip(texts, ours, theirs, strict=True) if one != other] == []
    whole = "\n".join(texts)
    strip = subprocess.run(["git", "stripspace"], input=whole.encode(), capture_output=True, check=True, text=False)
    assert cleaned(whole) + "\n" == strip.stdout.decode()


def test_the_backslash_that_the_shell_tool_of_the_client_puts_before_an_exclamation_mark_goes():
    assert unescaped(r"feat\!: x \!= y" + "\n\nA \\n stays, so does \\") == "feat!: x != y\n\nA \\n stays, so does \\"


def test_a_message_gets_another_type_where_it_has_one_and_there_is_room():
    assert retyped("feat(a)!: x\n\nWhy.", "fix") == "fix(a)!: x\n\nWhy."
    assert retyped("no type", "fix") == "no type"
    assert retyped("fix: " + "x" * 67, "refactor") == "fix: " + "x" * 67


def test_lines_that_git_will_drop_are_no_part_of_the_message():
    message = parse("# a note\nfeat: x\n\n# another\nWhy.\n", "#")
    assert (message.type, message.subject, message.text) == ("feat", "feat: x", "feat: x\n\nWhy.")
    assert parse("# a note\nfeat: x").type == ""
