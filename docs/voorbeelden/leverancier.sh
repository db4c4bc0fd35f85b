#!/usr/bin/env bash
# De weg van een opdracht, zoals het systeem van een leverancier hem gaat: zoeken, lezen, een stap melden, leveren.
# Nodig: curl en jq. Gebruik: TOKEN=… FHIR=http://127.0.0.1:8080/fhir docs/voorbeelden/leverancier.sh
# Neemt de eerste open opdracht voor een vervanging. Uitleg: docs/handleidingen/leverancier.md
set -euo pipefail
werk=$(mktemp -d) && trap 'rm -rf "$werk"' EXIT && cd "$werk"
CODES=http://hulpmiddelenpaspoort.nl/fhir/CodeSystem
haal() { curl -sS --fail-with-body -H "Authorization: Bearer $TOKEN" "$@"; }
stuur() { haal -H "Content-Type: application/fhir+json" "$@"; }

# Zoeken
haal "$FHIR/Task?status=requested,in-progress" > open.json
jq -r '.entry[].resource | [.id, .businessStatus.coding[0].code, .input[0].valueCode] | @tsv' open.json

# Lezen
ID=$(jq -r 'first(.entry[].resource | select(.input[0].valueCode == "vervanging") | .id)' open.json)
[ -n "$ID" ] || { echo "Geen open opdracht voor een vervanging (meer). Begin opnieuw: stop de server en haal data/ weg." >&2; exit 1; }
haal "$FHIR/Task/$ID" > opdracht.json
jq -r '.input[] | [.type.coding[0].code, (.valueCode // .valueCoding.code // .valueReference.reference)] | @tsv' opdracht.json
WIE=$(jq -r .for.reference opdracht.json)
haal "$FHIR/$WIE" | jq '{naam: .name[0].text, telefoon: .telecom[0].value, adres: .address[0]}'
haal "$FHIR/Observation?patient=$WIE" |
  jq -r '.entry[]?.resource | [.code.coding[0].code, .valueQuantity.value, .valueQuantity.unit] | @tsv'

# Een stap melden
jq --arg c "$CODES" --arg dag "$(date -d '+14 days' +%F)" '
  def code(stelsel; waarde): {coding: [{system: "\($c)/\(stelsel)", code: waarde}]};
  .status = "in-progress"
  | .businessStatus = code("taakstatus"; "levering-gepland")
  | .output = [.output[]? | select(.type.coding[0].code != "verwachte-datum")]
      + [{type: code("taakinvoer"; "verwachte-datum"), valueDate: $dag}]' opdracht.json > stap.json
stuur -X PUT -H "If-Match: W/\"$(jq -r .meta.versionId opdracht.json)\"" --data @stap.json "$FHIR/Task/$ID" > opdracht.json

# Leveren
jq --arg c "$CODES" --arg dag "$(date +%F)" '
  def code(stelsel; waarde): {coding: [{system: "\($c)/\(stelsel)", code: waarde}]};
  def naar(plek): {reference: plek};
  "urn:uuid:11111111-1111-4111-8111-111111111111" as $middel
  | "urn:uuid:22222222-2222-4222-8222-222222222222" as $gebruik
  | (.input[] | select(.type.coding[0].code == "categorie") | .valueCoding.code) as $categorie
  | {resourceType: "Bundle", type: "transaction", entry: [
      {fullUrl: $middel, request: {method: "POST", url: "Device"}, resource:
        {resourceType: "Device", status: "active", patient: .for, type: code("categorie"; $categorie),
         deviceName: [{name: "Nieuw hulpmiddel", type: "user-friendly-name"}], serialNumber: "SN-2026-0042"}},
      {fullUrl: $gebruik, request: {method: "POST", url: "DeviceUseStatement"}, resource:
        {resourceType: "DeviceUseStatement", status: "active", subject: .for, device: naar($middel),
         timingPeriod: {start: $dag}}},
      {request: {method: "PUT", url: "Task/\(.id)", ifMatch: "W/\"\(.meta.versionId)\""}, resource:
        (.status = "completed" | .businessStatus = code("taakstatus"; "geleverd")
         | .output += [{type: code("taakinvoer"; "nieuw-hulpmiddel"), valueReference: naar($middel)},
                       {type: code("taakinvoer"; "nieuw-gebruik"), valueReference: naar($gebruik)}])}]}' opdracht.json > levering.json
stuur --data @levering.json "$FHIR" | jq -r '.entry[].response | [.status, .location] | @tsv'
