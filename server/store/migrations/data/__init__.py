"""Migraties van de gegevensdatabase."""
