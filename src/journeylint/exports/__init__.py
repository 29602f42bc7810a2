"""Readers of what leaves Dataverse: pages of its Web API, and packages of the Configuration Migration tool."""
