"""The lecture's ideas as small computations that a person can change by hand: values in, values and words out."""
