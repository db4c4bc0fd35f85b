"""Zoeken binnen wat iemand ziet: grammatica, vergelijken, bladzijden. Kent geen toegang en geen opslag."""
