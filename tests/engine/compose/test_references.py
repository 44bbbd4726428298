"""What may be sent is chosen from the library or beside it; what is marked stays."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from engine.catalogue.catalogue import Catalogue
from engine.compose.brief import Brief, Element, InvalidBrief, Mode, NeverSent, same_for_all
from engine.compose.generators.generator import Role
from engine.compose.models import load_models
from engine.compose.pictures import OutgoingPictures
from engine.compose.plan import make_plan
from engine.compose.prompt import load_templates
from engine.compose.references import References
from engine.errors import AssetUnknown
from engine.images.decoder import Decoder
from engine.images.outgoing import OutgoingLimits
from engine.images.picture import DecodeLimits
from engine.images.thumbnails import ThumbnailCache
from tests.helpers.cataloguing import add_to_catalogue
from tests.helpers.drawing import draw


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory beside two folders with pictures; one picture lies in both."""
    folder = tmp_path_factory.mktemp("indexed")
    for seed, name in enumerate(("art/crown.png", "art/suit.jpg", "private/face.png")):
        draw(folder / name, seed, (600, 400))
    shutil.copy(folder / "private" / "face.png", folder / "art" / "copy_of_face.png")
    (folder / "home").mkdir()
    catalogue = Catalogue(folder / "home")
    add_to_catalogue(catalogue, folder / "art", folder / "private")
    catalogue.close()
    return folder


@pytest.fixture
def catalogue(root: Path, tmp_path: Path) -> Iterator[Catalogue]:
    """A copy of the catalogue, which a test may mark."""
    shutil.copytree(root / "home", tmp_path / "home")
    opened = Catalogue(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def pictures(tmp_path: Path) -> Iterator[OutgoingPictures]:
    thumbnails = ThumbnailCache(tmp_path / "thumbnails", 10_000_000)
    with Decoder(DecodeLimits(edge=512), 1) as decoder:
        yield OutgoingPictures(tmp_path / "outgoing", decoder, DecodeLimits(edge=512), thumbnails)


def id_of(catalogue: Catalogue, path: Path) -> int:
    covering = catalogue.folders.find_covering(path)
    assert covering is not None
    asset = catalogue.shown.at(path, covering)
    assert asset is not None
    return asset.id


def test_assets_and_their_files_are_the_same_references(catalogue: Catalogue, root: Path) -> None:
    paths = [root / "art" / "suit.jpg", root / "art" / "crown.png"]
    of_files = References(catalogue).of_files(paths)
    assert of_files == References(catalogue).of_assets([id_of(catalogue, path) for path in paths])
    assert [reference.path for reference in of_files] == paths
    assert len({reference.content_hash for reference in of_files}) == 2


def test_files_outside_the_library_need_no_asset(catalogue: Catalogue, tmp_path: Path) -> None:
    outside = draw(tmp_path / "desk.png", 9)
    assert References(catalogue).of_files([outside])[0].asset_id is None


def test_a_marked_picture_and_every_copy_of_it_stay(catalogue: Catalogue, root: Path, tmp_path: Path) -> None:
    asset_id = id_of(catalogue, root / "art" / "crown.png")
    content_id = catalogue.shown.of_ids([asset_id])[asset_id].content_id
    assert content_id is not None
    catalogue.marks.set_never_send([content_id], True)
    elsewhere = Path(shutil.copy(root / "art" / "crown.png", tmp_path / "renamed.png"))
    references = References(catalogue)
    with pytest.raises(NeverSent, match="never send") as caught:
        references.of_assets([asset_id])
    assert "take the mark off" in caught.value.hint
    with pytest.raises(NeverSent, match=r"renamed\.png"):
        references.of_files([elsewhere])
    catalogue.marks.set_never_send([content_id], False)
    (reference,) = references.of_assets([asset_id])
    references.require_sendable([reference.content_hash])
    catalogue.marks.set_never_send([content_id], True)
    with pytest.raises(NeverSent):
        references.require_sendable([reference.content_hash])


def test_a_marked_folder_keeps_what_is_in_it_and_copies_elsewhere(catalogue: Catalogue, root: Path) -> None:
    catalogue.folders.set_never_send(root / "private", True)
    references = References(catalogue)
    for path in (root / "private" / "face.png", root / "art" / "copy_of_face.png"):
        with pytest.raises(NeverSent) as caught:
            references.of_assets([id_of(catalogue, path)])
        assert str(root / "private") in caught.value.message
        with pytest.raises(NeverSent):
            references.of_files([path])
    new = draw(root / "private" / "not_indexed_yet.png", 77)
    with pytest.raises(NeverSent):
        references.of_files([new])
    suit = root / "art" / "suit.jpg"
    kept_back = [root / "private" / "face.png", root / "art" / "copy_of_face.png"]
    sendable, kept = references.sendable_files([*kept_back, suit])
    assert [reference.path for reference in sendable] == [suit]
    assert sorted(kept) == sorted(kept_back)
    ids = [id_of(catalogue, path) for path in (suit, *kept_back)]
    assert references.sendable(ids) == (references.of_files([suit]), kept_back)


def test_what_is_not_there_says_so(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(AssetUnknown):
        References(catalogue).of_assets([999_999])
    with pytest.raises(InvalidBrief, match="nowhere"):
        References(catalogue).of_files([tmp_path / "nowhere.png"])


def test_a_request_holds_the_pictures_in_the_order_of_their_numbers(
    catalogue: Catalogue, root: Path, pictures: OutgoingPictures, tmp_path: Path
) -> None:
    crown, suit = References(catalogue).of_files([root / "art" / "crown.png", root / "art" / "suit.jpg"])
    brief = Brief(
        Mode.DRESS,
        groups=(same_for_all(Element(Role.GARMENT, "", suit)), same_for_all(Element(Role.PERSON, "", crown))),
    )
    plan = make_plan(brief, load_models(tmp_path), load_templates(tmp_path))
    request = pictures.request(plan, plan.jobs[0])
    assert [(one.role, one.media_type) for one in request.pictures] == [
        (Role.PERSON, "image/jpeg"), (Role.GARMENT, "image/jpeg"),
    ]  # fmt: skip
    assert (request.model, request.size, request.prompt) == (plan.model.name, "1K", plan.jobs[0].prompt)
    with Image.open(io.BytesIO(request.pictures[0].data)) as sent:
        assert sent.size == (request.pictures[0].width, request.pictures[0].height) == (600, 400)


def test_what_was_shown_is_what_is_sent_even_if_the_file_is_gone(
    pictures: OutgoingPictures, catalogue: Catalogue, tmp_path: Path
) -> None:
    path = draw(tmp_path / "gone.png", 5, (900, 500))
    (reference,) = References(catalogue).of_files([path])
    shown = pictures.file_of(reference).read_bytes()
    path.unlink()
    assert pictures.picture(reference, Role.PROP).data == shown


def test_a_file_that_changed_since_it_was_chosen_is_not_sent(
    pictures: OutgoingPictures, catalogue: Catalogue, tmp_path: Path
) -> None:
    path = draw(tmp_path / "changing.png", 5)
    (reference,) = References(catalogue).of_files([path])
    draw(path, 6)
    with pytest.raises(InvalidBrief, match="changed since it was chosen"):
        pictures.picture(reference, Role.PROP)
    path.unlink()
    with pytest.raises(InvalidBrief, match="cannot be sent"):
        pictures.picture(reference, Role.PROP)


def test_a_file_that_is_no_picture_is_refused_with_its_name(
    pictures: OutgoingPictures, catalogue: Catalogue, tmp_path: Path
) -> None:
    (tmp_path / "notes.png").write_text("no picture")
    (reference,) = References(catalogue).of_files([tmp_path / "notes.png"])
    for make in (pictures.file_of, pictures.thumbnail_of):
        with pytest.raises(InvalidBrief, match=r"notes\.png"):
            make(reference)


def test_thumbnails_show_what_is_sent(pictures: OutgoingPictures, catalogue: Catalogue, tmp_path: Path) -> None:
    path = draw(tmp_path / "large.png", 8, (2400, 1200))
    (reference,) = References(catalogue).of_files([path])
    with Image.open(pictures.thumbnail_of(reference)) as small, Image.open(pictures.file_of(reference)) as sent:
        assert (small.size, sent.size) == ((512, 256), (1536, 768))
        one, other = (image.convert("RGB").resize((1, 1)).getpixel((0, 0)) for image in (small, sent))
    assert all(abs(a - b) < 6 for a, b in zip(one, other, strict=True))
    path.unlink()
    assert pictures.thumbnail_of(reference).exists()


def test_other_limits_make_other_pictures(pictures: OutgoingPictures, catalogue: Catalogue, tmp_path: Path) -> None:
    (reference,) = References(catalogue).of_files([draw(tmp_path / "large.png", 8, (2400, 1200))])
    first = pictures.file_of(reference)
    with Decoder(DecodeLimits(edge=512), 1) as decoder:
        smaller = OutgoingPictures(
            tmp_path / "outgoing", decoder, DecodeLimits(), ThumbnailCache(tmp_path / "t", 1), OutgoingLimits(edge=700)
        )
        assert smaller.picture(reference, Role.PROP).width == 700
    assert pictures.file_of(reference) == first
