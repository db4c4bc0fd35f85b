# De opdrachten van het huis. Elke opdracht zet zelf klaar wat hij nodig heeft.
PORT ?= 8080
DATA ?= ./data
B := .venv/bin
# Vertaalde Python bewaren, ook waar de omgeving dat uitzet (zoals in veel images): anders vertaalt elke start van het
# product drieduizend bestanden opnieuw, langer dan al het andere van een start samen. In build/, los van de bronnen.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/build/pycache
# Op zoveel kernen als er zijn; per bestand bij elkaar, zodat een browser of database per bestand één keer start, en in de
# volgorde van tests/conftest.py.
PYTEST := $(B)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

.PHONY: run test test-snel test-alles lint audit schoon lock oracle

run:            ## demo: database, gegevens en alles op één poort
	@.ci/gereed draaien
	@$(B)/paspoort demo --data $(DATA) --port $(PORT)
	@exec $(B)/paspoort serve --demo --data $(DATA) --port $(PORT)

test: audit lint ## alles: bekende lekken, regels, typen, lagen, SQLite, PostgreSQL, browser
	@.ci/met-postgres $(PYTEST) -m "not lang"

# Het domein, de profielen en het huis zelf: wat bij elke verandering als eerste breekt. De uitputtende wetten horen bij `test`.
test-snel:      ## onder een minuut: zonder database, server en browser
	@.ci/gereed testen
	@$(PYTEST) tests/paspoort tests/huis --ignore=tests/paspoort/test_herhaaltoets_wetten.py -m "not lang"

test-alles: lint ## ook wat lang duurt: fouten, last, fuzzen
	@.ci/met-postgres $(PYTEST)

lint:
	@.ci/gereed testen
	$(B)/ruff check .
	$(B)/ruff format --check .
	$(B)/mypy
	$(B)/lint-imports

audit:          ## bekende lekken in wat vergrendeld is; zonder verbinding zegt het dat het niet kon
	@.ci/audit

lock:           ## vergrendelt de afhankelijkheden opnieuw
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml .ci/bouwen.in -o .ci/lock.txt
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --extra test pyproject.toml .ci/bouwen.in -o .ci/lock-test.txt

schoon:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build/pycache data tests/contract/klanten/node_modules

# Java en Maven: HL7's validator naast de onze, elk element × mutatie × stel profielen; rustig ongeveer 20 minuten, hervatbaar.
# ALLES=1: elk voorbeeld. Geen deel van `test`.
oracle:         ## tweede mening van HL7 over onze controle
	@.ci/gereed testen
	@mvn -B -q -f tests/oracle/java/pom.xml compile dependency:build-classpath -Dmdep.outputFile=$(CURDIR)/build/oracle/classpath.txt
	@$(B)/python -m tests.oracle.vergelijk
