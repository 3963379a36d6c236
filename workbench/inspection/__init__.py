"""Activations and filters: tensors in, arrays out."""

from workbench.inspection.arithmetic import PADDING, Explanation, Field, Flow, Gates, Patch, Place, Slices, Tile
from workbench.inspection.epoch_record import ChosenPicture, EpochRecord, KeptFilters, KeptHealth, KeptMaps
from workbench.inspection.filters import LARGEST_FILTERS, FilterRows, Filters, filters_of
from workbench.inspection.health import LayerHealth, relative_gradients, remarks
from workbench.inspection.origin import Origin, in_words, origin
from workbench.inspection.rehearsal import Rehearsal, TooLarge
from workbench.inspection.seeing import LARGEST_MAPS, Seen, Wishes, gather
from workbench.inspection.spread import Spread, spread_of

__all__ = [
    "LARGEST_FILTERS",
    "LARGEST_MAPS",
    "PADDING",
    "Explanation",
    "Field",
    "FilterRows",
    "Flow",
    "Filters",
    "Gates",
    "ChosenPicture",
    "EpochRecord",
    "KeptFilters",
    "KeptHealth",
    "KeptMaps",
    "LayerHealth",
    "Origin",
    "Patch",
    "Place",
    "Rehearsal",
    "Seen",
    "Slices",
    "Spread",
    "Tile",
    "TooLarge",
    "Wishes",
    "filters_of",
    "gather",
    "in_words",
    "origin",
    "relative_gradients",
    "remarks",
    "spread_of",
]
