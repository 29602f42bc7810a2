"""What rows of Dataverse say about journeys, segments, messages and triggers, whichever container they came in.

`tables.TABLES` lists the tables; every other module is read when a row of such a table is met.
"""
