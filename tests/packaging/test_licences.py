"""The list of licences says of every component what it is under, and brings the text or says that there is none."""

from __future__ import annotations

from importlib.metadata import distribution, distributions
from pathlib import Path

import licences
import numpy

ROOT = Path(__file__).parents[2]


def test_a_component_brings_all_its_texts_each_once() -> None:
    component = licences.describe(distribution("numpy"))
    assert "BSD-3-Clause" in component.licence
    words = licences._in_one(component.texts)
    assert words.count("Redistribution and use in source and binary forms") >= 1
    assert words.count("==== ") < len(component.texts) + 1
    own = component.texts[0].read_text("utf-8").strip()
    assert words.count(own) == 1


def test_a_licence_that_is_only_named_gets_its_common_text() -> None:
    texts = [path.name for path in licences.describe(distribution("PySide6_Essentials")).texts]
    assert "LGPL-3.0.txt" in texts
    assert "GPL-3.0.txt" in texts, "the LGPL rests on it"


def test_the_owner_of_a_file_is_found() -> None:
    stranger = Path("/lib/libstrange.so")
    found, ownerless = licences.owners([Path(numpy.__file__), stranger], distributions())
    assert [one.name for one in found] == ["numpy"]
    assert ownerless == {stranger}


def test_what_pyinstaller_took_is_read_from_its_tables(tmp_path: Path) -> None:
    (tmp_path / "propmaster").mkdir()
    table = ([("numpy/__init__.py", "/site/numpy/__init__.py", "PYMODULE"), ("gone", "", "OPTION")], "a name")
    (tmp_path / "propmaster" / "PYZ-00.toc").write_text(repr(table), "utf-8")
    assert licences.frozen_sources(tmp_path) == {Path("/site/numpy/__init__.py")}


def test_the_list_is_written_with_its_texts(tmp_path: Path) -> None:
    work, resources = tmp_path / "work", tmp_path / "resources"
    work.mkdir()
    (work / "PYZ-00.toc").write_text(repr([("numpy", numpy.__file__, "PYMODULE")]), "utf-8")
    inside = licences.write_licences(work, resources)
    assert [one.name for one in inside] == ["numpy", "Python"]
    listed = (resources / licences.FOLDER / licences.LIST).read_text("utf-8")
    assert "[numpy.txt](numpy.txt)" in listed
    assert (resources / licences.FOLDER / "numpy.txt").read_text("utf-8")


def test_a_component_without_text_is_said_to_have_none() -> None:
    listed = licences._listed([licences.Component("silent", "1", "not said", ())])
    assert "| silent | 1 | not said | its packages bring none |" in listed


def test_our_own_notices_are_there() -> None:
    for notice in licences.OWN_NOTICES:
        assert (ROOT / "resources" / notice).exists()
