"""Migraties van de kluis."""
