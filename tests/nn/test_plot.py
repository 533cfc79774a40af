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
    root = ElementTree.fromstring(svg("a < b", "step", "loss", {"one": [(0, 0), (1, 1)], "two": [(0, 1), (1, 1)]}))
    lines = list(root.iter(f"{SVG}polyline"))
    assert lines[0].get("points") == "56.0,344.0 584.0,56.0"
    assert len(lines) == 2
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"a < b", "step", "loss", "one", "two", "0", "1"} <= set(texts)


def test_points_that_are_not_finite_are_left_out():
    root = ElementTree.fromstring(svg("t", "x", "y", {"a": [(0, 1), (1, float("nan"))]}, lines=False))
    assert len(list(root.iter(f"{SVG}circle"))) == 1
    assert ElementTree.fromstring(svg("t", "x", "y", {})).tag == f"{SVG}svg"


def test_a_single_point_is_seen_although_no_line_goes_through_it():
    root = ElementTree.fromstring(svg("t", "epoch", "loss", {"loss": [(1, 0.7)]}))
    assert [(dot.get("cx"), dot.get("cy")) for dot in root.iter(f"{SVG}circle")] == [("320.0", "200.0")]


def test_a_long_title_takes_several_rows_and_pushes_the_chart_down():
    title = " ".join(["Which networks of a thousand agree?"] * 6)
    root = ElementTree.fromstring(svg(title, "x", "y", {"a": [(0, 1), (1, 2)]}))
    rows = [text.text for text in root.findall(f"{SVG}text")]
    assert len(rows) == 3
    assert " ".join(rows) == title == root.find(f"{SVG}title").text
    assert max(map(len, rows)) <= 80
    assert root.find(f"{SVG}g").get("transform") == "translate(0 36)"
    assert root.get("viewBox").endswith(" 436")


def test_a_long_name_of_a_series_is_not_cut_off():
    name = "right answers on new samples with shuffled labels"
    width = int(ElementTree.fromstring(svg("t", "x", "y", {name: [(0, 1)]})).get("viewBox").split()[2])
    assert width - 588 >= 6 * len(name)


def test_an_interval_is_a_bar_that_fits_into_the_chart_and_an_infinite_one_is_left_out():
    points = [(0, 1.0, 1.0), (1, 2.0, float("inf")), (2, 2.0)]
    root = ElementTree.fromstring(svg("t", "x", "y", {"a": points}))
    bars = [path.get("d") for path in root.iter(f"{SVG}path") if path.get("stroke-width")]
    assert bars == ["M56.0,344.0V56.0"]  # from 0 to 2, which is the whole height


def test_names_stand_below_the_places_that_they_name():
    root = ElementTree.fromstring(svg("t", "gate", "units", {"a": [(1, 5), (2, 3), (3, 1)]}, False, ("OR", "AND", "<")))
    below = [(text.text, text.get("x")) for text in root.iter(f"{SVG}text") if text.get("y") == "360"]
    assert below == [("OR", "56.0"), ("AND", "320.0"), ("<", "584.0")]
