"""The panel Value: how one value of a map came about."""
