"""Pictures: well-formed, to scale, and untroubled by infinity."""

from xml.etree import ElementTree

from nn.plot import spark, svg

SVG = "{http://www.w3.org/2000/svg}"


def test_a_falling_loss_falls_in_the_terminal():
    assert spark([3.0, 2.0, 1.0]) == "█▅▁"
    assert spark([1.0, float("inf"), 2.0]) == "▁!█"
    assert len(spark(range(1000))) == 60
    assert spark([]) == ""


def test_lines_are_drawn_to_scale_and_named():
    root = ElementTree.fromstring(svg("a < b", "step", "loss", {"one": [(0, 0), (1, 1)], "two": [(0, 1)]}))
    lines = root.findall(f"{SVG}polyline")
    assert lines[0].get("points") == "56.0,344.0 584.0,56.0"
    assert len(lines) == 2
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"a < b", "step", "loss", "one", "two", "0", "1"} <= set(texts)


def test_points_that_are_not_finite_are_left_out():
    root = ElementTree.fromstring(svg("t", "x", "y", {"a": [(0, 1), (1, float("nan"))]}, lines=False))
    assert len(root.findall(f"{SVG}circle")) == 1
    assert ElementTree.fromstring(svg("t", "x", "y", {})).tag == f"{SVG}svg"
