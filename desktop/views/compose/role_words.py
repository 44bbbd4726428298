"""What roles are called, and the icon of each. In the present language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.protocol import Role


def role_word(role: Role) -> str:
    """Return a role's name for people."""
    translate = QCoreApplication.translate
    return {
        Role.PERSON: translate("Roles", "Person"),
        Role.GARMENT: translate("Roles", "Garment"),
        Role.ACCESSORY: translate("Roles", "Accessory"),
        Role.PROP: translate("Roles", "Prop"),
        Role.SCENE: translate("Roles", "Scene"),
        Role.STYLE: translate("Roles", "Style"),
    }[role]


def role_icon(role: Role) -> str:
    """Return the name of a role's icon."""
    return f"role-{role}"
