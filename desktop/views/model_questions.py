"""What the user is asked before a model's files are downloaded, copied or deleted. Nothing blocks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop.views.model_card import size_words
from engine.protocol import Model

CHECKPOINTS = "*.safetensors *.bin *.pt *.pth *.ckpt"

translate = QCoreApplication.translate


def ask_to_download(parent: QWidget, model: Model, download: Callable[[], object]) -> QMessageBox:
    """Say what would come from where under which licence."""
    box = _box(parent, translate("ModelQuestions", "Download {0}?").format(model.title))
    size = size_words(model.disk_bytes)
    source = f"{model.hub}/{model.files[0].repository}"
    lines = [
        translate("ModelQuestions", "{0} from {1}").format(size, source),
        *_licence(model),
        translate("ModelQuestions", "Nothing of your library is sent. You can stop at any time and go on later."),
    ]
    box.setInformativeText("\n\n".join(lines))
    accept = box.addButton(translate("ModelQuestions", "Download"), QMessageBox.ButtonRole.AcceptRole)
    return _opened(box, (accept, download))


def ask_what_to_import(parent: QWidget, model: Model, take: Callable[[Path], object]) -> QMessageBox:
    """Say what has to be copied where, then let a folder or a file be chosen."""
    box = _box(parent, translate("ModelQuestions", "Import {0} from a disk or a share").format(model.title))
    files = "\n".join(f"{model.hub}/{file.repository}\n        {file.path}" for file in model.files)
    words = translate(
        "ModelQuestions",
        "On a computer with a network, download these files into one folder and bring it here:\n\n{0}\n\n"
        "For all workstations at once, put them into a folder “{1}” on a share, and name the share below the models.",
    )
    box.setInformativeText("\n\n".join((words.format(files, model.row), *_licence(model))))
    folder = box.addButton(translate("ModelQuestions", "Choose a folder…"), QMessageBox.ButtonRole.AcceptRole)
    file = box.addButton(translate("ModelQuestions", "Choose a file…"), QMessageBox.ButtonRole.ActionRole)
    return _opened(box, (folder, lambda: _choose_folder(parent, take)), (file, lambda: _choose_file(parent, take)))


def ask_to_remove(parent: QWidget, model: Model, remove: Callable[[], object]) -> QMessageBox:
    """Say what would be lost."""
    box = _box(parent, translate("ModelQuestions", "Delete the files of {0}?").format(model.title))
    box.setInformativeText(
        translate(
            "ModelQuestions", "To use this model again, they have to be downloaded or imported again. Its index stays."
        )
    )
    accept = box.addButton(translate("ModelQuestions", "Delete files"), QMessageBox.ButtonRole.DestructiveRole)
    return _opened(box, (accept, remove))


def ask_to_drop(parent: QWidget, model: Model, drop: Callable[[], object]) -> QMessageBox:
    """Say what would be lost."""
    box = _box(parent, translate("ModelQuestions", "Delete the index of {0}?").format(model.title))
    box.setInformativeText(
        translate("ModelQuestions", "To search with this model again, all pictures have to be read again.")
    )
    accept = box.addButton(translate("ModelQuestions", "Delete index"), QMessageBox.ButtonRole.DestructiveRole)
    return _opened(box, (accept, drop))


def _licence(model: Model) -> list[str]:
    lines = [translate("ModelQuestions", "Licence: {0}").format(model.licence)]
    if not model.commercial:
        lines.append(translate("ModelQuestions", "This licence does not allow commercial use: for trying out only."))
    return lines


def _choose_folder(parent: QWidget, take: Callable[[Path], object]) -> None:
    dialog = QFileDialog(parent)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    _open_dialog(dialog, take)


def _choose_file(parent: QWidget, take: Callable[[Path], object]) -> None:
    dialog = QFileDialog(parent)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(translate("ModelQuestions", "Weights ({0})").format(CHECKPOINTS))
    _open_dialog(dialog, take)


def _open_dialog(dialog: QFileDialog, take: Callable[[Path], object]) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: take(Path(chosen)))
    dialog.open()


def _box(parent: QWidget, text: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setText(text)
    return box


def _opened(box: QMessageBox, *ways: tuple[object, Callable[[], object]]) -> QMessageBox:
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.buttonClicked.connect(lambda clicked: [do() for way, do in ways if way is clicked])
    box.open()
    return box
