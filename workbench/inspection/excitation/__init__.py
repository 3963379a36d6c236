"""What excites a map: the images that do it most, and a picture made to do it."""

from workbench.inspection.excitation.ascent import Ascent, Made, ascend, bounds_of
from workbench.inspection.excitation.strongest import Excited, Strongest, patch_of, strongest
from workbench.inspection.excitation.until import ExcitationError

__all__ = ["Ascent", "ExcitationError", "Excited", "Made", "Strongest", "ascend", "bounds_of", "patch_of", "strongest"]
