"""De demo: verzonnen organisaties, mensen en paspoorten (ontwerp.md deel 3, *Demo*). Nooit echte personen."""
