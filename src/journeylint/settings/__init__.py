"""The configuration of a run: found, read, checked against the policies there are, worked out for each path."""

from journeylint.settings.check import SelectablePolicy, check_against, check_selectors
from journeylint.settings.find import find_configuration
from journeylint.settings.instants import parse_as_of
from journeylint.settings.resolve import Choices, Origins, PlanKeys, Resolution, ResolvedPolicy, resolve
from journeylint.settings.values import FailOn, Layer, Place, PolicySettings, Settings, Word

__all__ = [
    "Choices",
    "FailOn",
    "Layer",
    "Origins",
    "Place",
    "PlanKeys",
    "PolicySettings",
    "Resolution",
    "ResolvedPolicy",
    "SelectablePolicy",
    "Settings",
    "Word",
    "check_against",
    "check_selectors",
    "find_configuration",
    "parse_as_of",
    "resolve",
]
