"""The parts of a SARIF log, of which `report_sarif` makes one."""
