"""How the names of files end that a person opens or drops."""

from __future__ import annotations

PROJECTS = (".json",)
WEIGHTS = (".pt", ".pth", ".safetensors")
LISTS = (".csv",)
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
