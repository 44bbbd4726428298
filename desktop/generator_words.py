"""What generators and services are called, and what each generator is. In the present language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

TITLES = {
    "gemini": "Gemini",
    "openai": "OpenAI",
    "dashscope": "DashScope",
    "stable_diffusion": "Stable Diffusion",
    "comfyui": "ComfyUI",
}
DRAFT = "draft"


def generator_word(generator: str) -> str:
    """Return the name of a generator or service of the tables; one that is not known has the name it has there."""
    if generator == DRAFT:
        return QCoreApplication.translate("Generators", "Draft")
    return TITLES.get(generator, generator)


def generator_note(generator: str) -> str:
    """Return in a sentence what a generator is and whether pictures leave the machine; nothing for an unknown one."""
    translate = QCoreApplication.translate
    return {
        DRAFT: translate(
            "Generators",
            "Lays the references out on this computer, for trying things. Free; nothing leaves this computer.",
        ),
        "gemini": translate(
            "Generators", "Google's image models, with a key or on Vertex. Paid; the chosen references are sent."
        ),
        "openai": translate("Generators", "OpenAI's image models, with a key. Paid; the chosen references are sent."),
        "stable_diffusion": translate(
            "Generators", "A Stable Diffusion web UI of your own, started with --api. Free; sent to its address only."
        ),
        "comfyui": translate("Generators", "A ComfyUI of your own and a workflow. Free; sent to its address only."),
    }.get(generator, "")
