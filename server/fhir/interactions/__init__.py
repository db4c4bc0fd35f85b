"""De interacties van FHIR, elk in een eigen bestand met de naam die FHIR haar geeft. De tabel staat in `gateway.py`."""
