"""Reads tables of a Dataverse environment over its Web API, page by page, and writes nothing but these pages.

`address` says where, `tokens` as whom, `transport` sends and is the only module that knows httpx, `client` asks until there
is an answer or no patience left, `pages` follows one table from page to page, `download` keeps the pages of all tables.
"""
