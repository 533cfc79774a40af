import html.parser
import re

from hypothesis import example, given
from hypothesis import strategies as st

from devtools.history.concepts import Commit, concept
from devtools.history.page import render
from devtools.history.template import STYLE


class Outline(html.parser.HTMLParser):
    """Every element with its attributes, every text with the element that holds it."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.texts, self.open = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in ("meta", "input", "rect", "circle"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))


def commit(subject="feat(a): name", **fields):
    return concept(Commit("0123456789" * 4, "2026-11-24", subject, **fields))


FULL = commit(
    body="Because.\n\nInsight: one", insights=("one & two",), tdd="red->green (3 tests)", files=2, added=1234, deleted=5
)


def test_a_concept_shows_name_date_commit_size_cycle_insight_and_why():
    page = render("project", [FULL])
    text = re.sub(r"\s+", " ", " ".join(data for tag, data in Outline(page).texts if tag not in ("style", "script")))
    for words in (
        "project",
        "name",
        "2026-11-24",
        "012345678",
        "+1,234",
        "\u22125",
        "in 2 files",
        "red to green , 3 tests",
    ):
        assert words in re.sub(r"red to ?green ?", "red to green ", text)
    assert "Insight one & two" in text
    assert "Why Because." in text
    assert "1,234 lines added, 5 deleted" in text
    assert ">1</b> cycles red to green" in page


def test_the_page_asks_the_network_for_nothing_and_runs_its_own_script_only():
    page = render("project", [FULL])
    assert not re.search(r"(?:src|href|url|@import|fetch)\s*[=(]?\s*[\"']?(?:https?:)?//", page)
    assert "default-src 'none'" in page
    assert "script-src 'sha256-" in page
    assert [tag for tag, _ in Outline(page).elements].count("script") == 1
    assert not any(name.startswith("on") for _, attributes in Outline(page).elements for name in attributes)


def test_landmarks_headings_and_labels_are_there_for_a_screen_reader():
    outline = Outline(render("project", [FULL, commit("docs: x")]))
    tags = [tag for tag, _ in outline.elements]
    assert [tags.count(tag) for tag in ("header", "main", "footer", "h1", "title")] == [1] * 5
    assert [tags.count(tag) for tag in ("h2", "h3")] == [2, 2]
    labelled = {attributes["for"] for tag, attributes in outline.elements if tag == "label" and "for" in attributes}
    assert {"words", "topic"} <= labelled
    assert all(a.get("aria-label") for tag, a in outline.elements if a.get("role") in ("img", "search"))
    assert ("html", {"lang": "en"}) in outline.elements


def test_many_commits_share_a_bar_and_one_without_lines_has_none():
    page = render("p", [commit(added=n) for n in range(500)])
    assert page.count("<rect") == 100
    assert "largest of 5 commits" in page
    bare = render("p", [commit()])
    assert 'class="bar"' not in bare
    assert "<details>" not in bare
    assert "Each bar is a commit" in bare
    only = render("p", [commit(deleted=5, files=1), commit(files=1)])
    assert 'class="more"' not in only
    assert "2026-11-24</time></p>" in only
    assert render("p", []).count("No commit fits.") == 1
    assert 'class="plus"' not in only


def test_two_days_are_a_span_and_topics_are_offered_once_in_order():
    other = concept(Commit("1" * 40, "2026-11-25", "feat(B): x"))
    page = render("p", [other, commit(), commit("fix(A): y")])
    assert "oldest first" in page
    assert '<option value="a">a</option><option value="b">B</option>' in page
    assert 'data-topic="b"' in page


def light(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_text_has_contrast_aa_on_its_ground_in_light_and_dark():
    for palette in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL):
        colours = dict(re.findall(r"--(\w+): (#\w{6})", palette))
        texts = [(name, "paper") for name in ("ink", "muted", "accent", "added", "deleted")]
        for name, ground in [*texts, ("ink", "card"), ("ink", "glow"), ("edge", "glow")]:
            low, high = sorted((light(colours[name]), light(colours[ground])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (name, ground)


@given(st.text(max_size=60), st.text(max_size=60))
@example("</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>')
@example("feat(<b>): \udcff\x00\x1b\u202e {name} {script}", "</style>]]><!--")
def test_nothing_in_a_message_becomes_markup(subject, other):
    fields = {"body": other, "topic": other, "insights": (other,), "tdd": other, "files": 1, "added": 1}
    evil, calm = commit(subject, **fields), commit("x", body="x", insights=("x",), files=1, added=1)
    page = render(subject, [evil])
    page.encode("utf-8")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", page)
    plain_shape = [(tag, sorted(a)) for tag, a in Outline(render("x", [calm])).elements if tag not in ("details", "i")]
    shape = [(tag, sorted(a)) for tag, a in Outline(page).elements]
    assert {tag for tag, _ in shape} <= {tag for tag, _ in plain_shape} | {"details", "summary", "i", "p", "span"}
    assert [tag for tag, _ in shape].count("script") == 1
