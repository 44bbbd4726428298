"""A ComfyUI workflow file whose nodes are slots by their titles; read once, filled for each picture. No network.

The file is ComfyUI's “Export (API)”. A node titled *Prompt* takes the words, *Size* width and height, *Seed* a number;
nodes that load a picture are titled by the role they show, *Person*, *Garment 2*, *Scene*, or by its number, *Image 1*.
Titles are not case-sensitive. Only *Prompt* must be there.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.compose.generators.generator import Role
from engine.services.service import Family, ServiceFailed

Graph = dict[str, Any]

_SLOT = re.compile(rf"(prompt|size|seed|image|{'|'.join(Role)})(?:\s+(\d+))?", re.IGNORECASE)
_WORDS = ("text", "prompt", "value", "string")
_NUMBERS = ("seed", "noise_seed", "value")


class Workflow:
    """A workflow with its slots found. Invariant: every slot has an input of a known name."""

    def __init__(self, path: Path) -> None:
        """Read a file. Raises ServiceFailed that says what is wrong with it."""
        try:
            graph = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            raise _unusable(f"The workflow {path} cannot be read.", "Choose the file that ComfyUI exported.") from None
        if isinstance(graph, dict) and "nodes" in graph:
            raise _unusable(
                f"The workflow {path} is saved for ComfyUI's editor.", "Export it again with “Export (API)”."
            )
        if not isinstance(graph, dict) or not all(
            isinstance(node, dict) and "inputs" in node for node in graph.values()
        ):
            raise _unusable(f"{path} is no workflow of ComfyUI.", "Choose the file that ComfyUI exported.")
        self._graph: Graph = graph
        self._slots = list(_slots(graph))
        if not any(kind == "prompt" for kind, _, _ in self._slots):
            raise _unusable(
                f"The workflow {path} has no place for the words.", "Title the node with the text “Prompt”."
            )

    def pictures(self, roles: Sequence[Role]) -> Mapping[str, int]:
        """Return which picture, counted from 0, each loading node shows. Raises ServiceFailed if one has none."""
        shown: dict[str, int] = {}
        for kind, number, node in self._slots:
            if kind in ("prompt", "size", "seed"):
                continue
            fitting = [index for index, role in enumerate(roles) if kind in ("image", role)]
            if number > len(fitting):
                title = kind if number == 1 else f"{kind} {number}"
                raise ServiceFailed(
                    Family.GIVE_UP,
                    "workflow_slot_empty",
                    f"The workflow shows a picture for “{title}”, and the composition has none.",
                    "Add such a reference, or choose another workflow.",
                )
            shown[node] = fitting[number - 1]
        return shown

    def filled(self, prompt: str, size: tuple[int, int], seed: int, uploads: Mapping[str, str]) -> Graph:
        """Return the graph to run; `uploads` names the uploaded file of each loading node."""
        graph = copy.deepcopy(self._graph)
        for kind, _, node in self._slots:
            inputs = graph[node]["inputs"]
            match kind:
                case "prompt":
                    inputs[next(name for name in _WORDS if name in inputs)] = prompt
                case "size":
                    inputs["width"], inputs["height"] = size
                case "seed":
                    inputs[next(name for name in _NUMBERS if name in inputs)] = seed
                case _:
                    inputs["image"] = uploads[node]
        return graph


def _slots(graph: Graph) -> Iterator[tuple[str, int, str]]:
    """Yield kind, number and node of each slot."""
    for node, content in graph.items():
        title = str((content.get("_meta") or {}).get("title", "")).strip()
        if match := _SLOT.fullmatch(title):
            kind = match[1].lower()
            needed = {"prompt": _WORDS, "seed": _NUMBERS, "size": ("width",)}.get(kind, ("image",))
            if not any(name in content["inputs"] for name in needed):
                raise _unusable(
                    f"The node “{title}” of the workflow has no input for it.", f"It needs one of: {', '.join(needed)}."
                )
            yield kind, int(match[2] or 1), node


def _unusable(message: str, hint: str) -> ServiceFailed:
    return ServiceFailed(Family.GIVE_UP, "workflow_unusable", message, hint)
