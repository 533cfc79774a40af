"""Heat maps: a cell for each number that can be seen, on one scale, readable as XML."""

from xml.etree import ElementTree

from nn.experiments.result import Result
from nn.heatmap import SIDE, TOP, heat_maps

SVG = "{http://www.w3.org/2000/svg}"


def cells(picture):
    return [rect for rect in ElementTree.fromstring(picture).iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]


def test_every_visible_number_is_a_cell_at_its_place_and_the_largest_is_darkest():
    picture = heat_maps(
        "a < b", {"one": [[1.0, 0.0], [0.25, 0.5]], "two": [[0.5, 0.001], [0.0, 0.0]]}, "xy", ("seen", "by")
    )
    found = cells(picture)
    assert [cell.find(f"{SVG}title").text for cell in found] == ["1", "0.25", "0.5", "0.5"]
    assert [cell.get("fill-opacity") for cell in found] == ["1.00", "0.25", "0.50", "0.50"]
    assert (float(found[1].get("y")), float(found[1].get("width"))) == (TOP + SIDE / 2, SIDE / 2)
    assert found[3].get("x") > found[0].get("x")
    texts = [text.text for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]
    assert texts == ["a < b", "one", "x", "x", "y", "y", "two", "x", "x", "y", "y", "columns: seen; rows: by"]


def test_nothing_but_zeros_is_an_empty_map_and_no_map_an_empty_picture():
    assert cells(heat_maps("t", {"m": [[0.0]]}, ["a"], ("c", "r"))) == []
    assert cells(heat_maps("t", {"m": []}, [], ("c", "r"))) == []
    assert cells(heat_maps("t", {}, [], ("c", "r"))) == []


def test_a_result_with_maps_is_drawn_as_maps_and_one_without_as_curves():
    said = {"question": "Why?", "columns": ("a",), "rows": [], "answer": "So.", "facts": {}, "axes": ("to", "from")}
    curves = {"loss": [(0.0, 1.0), (1.0, 0.5)]}
    assert "<polyline" in Result(**said, curves=curves).picture()
    drawn = Result(**said, curves=curves, maps={"head 2.1": [[1.0, 0.0], [0.5, 0.5]]}, labels=("p", "q")).picture()
    assert len(cells(drawn)) == 3
    assert "head 2.1" in drawn
    assert "columns: to; rows: from" in drawn
