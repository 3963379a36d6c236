"""CNN Workbench: build, train and understand convolutional networks."""

__version__ = "0.1.0"
