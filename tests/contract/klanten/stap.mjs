// Wat de drie scripts delen: de stukken, het token, en één regel JSON per stap. Praat zelf niet met FHIR.
import { readFileSync } from 'node:fs';

export const stukken = JSON.parse(readFileSync(new URL('./stukken.json', import.meta.url), 'utf8'));
export const { FHIR, TOKEN_ADRES, VERKLARING, SCOPE } = process.env;

/** De tokenvraag van SMART Backend Services, voor een client die dat niet zelf doet. */
export async function haalToken() {
  const antwoord = await fetch(TOKEN_ADRES, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: SCOPE,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: VERKLARING,
    }),
  });
  if (!antwoord.ok) throw new Error(`token: ${antwoord.status} ${await antwoord.text()}`);
  return (await antwoord.json()).access_token;
}

/** Voer één stap uit en schrijf wat de client zag. `hoe` is de aanroep van de client waar het om gaat. */
export async function stap(naam, hoe, werk) {
  let regel;
  try {
    regel = { stap: naam, hoe, zag: await werk() };
  } catch (fout) {
    regel = { stap: naam, hoe, fout: String(fout?.stack ?? fout).slice(0, 2000) };
  }
  process.stdout.write(`${JSON.stringify(regel)}\n`);
  return regel.zag;
}

/** Een aanroep die hoort te mislukken: wat de client er als fout van maakt. `lees` haalt de OperationOutcome eruit. */
export async function geweigerd(belofte, lees) {
  try {
    await belofte;
  } catch (fout) {
    const { status, outcome } = await lees(fout);
    const issue = outcome?.issue?.[0];
    return { status, soort: outcome?.resourceType, code: issue?.details?.coding?.[0]?.code };
  }
  return { status: 'gelukt' };
}

/** De transactie die terug moet: dezelfde, met één onmogelijke datum. */
export function mislukte(bundel) {
  const kopie = structuredClone(bundel);
  kopie.entry[2].resource = { ...kopie.entry[2].resource, birthDate: '2023-02-30', name: [{ family: 'Terug' }] };
  return kopie;
}

export const per = (patient, inhoud) => ({ ...inhoud, subject: { reference: `Patient/${patient}` } });
export const gebruikVan = (patient, device) => ({
  ...per(patient, stukken.gebruik),
  device: { reference: `Device/${device}` },
});
export const typesIn = (bundel) => (bundel.entry ?? []).map((r) => `${r.search?.mode ?? '-'} ${r.resource.resourceType}`).sort();
export const versies = (bundel) => bundel.entry.map((r) => r.resource.meta.versionId);
export const plaatsen = (bundel) => bundel.entry.map((r) => [r.response.status.slice(0, 3), r.response.location]);
export const ernsten = (outcome) => [...new Set(outcome.issue.map((i) => i.severity))].sort();
