// npm fhirclient (SMART), in node. Wat hij niet als eigen functie heeft, gaat met zijn request().
import smart from 'fhirclient';
import { FHIR, haalToken, stap, stukken, geweigerd, mislukte, per, gebruikVan, typesIn, versies, plaatsen, ernsten } from './stap.mjs';

// De ingang voor node verwacht een vraag en een antwoord van een webserver; een achtergrondapp heeft die niet.
const koppen = {};
const api = smart({ headers: koppen, url: '/', socket: {} }, { setHeader() {}, end() {} });
// HttpError heeft de inhoud al gelezen en zet haar achter een lege regel in de boodschap.
const fout = (f) => ({ status: f.statusCode, outcome: JSON.parse(f.message.split('\n\n')[1]) });

await stap('ontdekken', 'client().request()', async () => {
  const open = api.client(FHIR);
  return {
    token: (await open.request('.well-known/smart-configuration')).token_endpoint,
    fhir: (await open.request('metadata')).fhirVersion,
  };
});
let client;
await stap('token', 'fetch, client({tokenResponse})', async () => {
  client = api.client({ serverUrl: FHIR, tokenResponse: { access_token: await haalToken() } });
  return { aangemeld: client.getAuthorizationHeader().startsWith('Bearer ') };
});
const patient = await stap('maken', 'create()', () => client.create(stukken.patient));
const device = await stap('maken zonder patient', 'create()', () => client.create(stukken.hulpmiddel));
await stap('lezen', 'request()', () => client.request(`Patient/${patient.id}`));
await stap('wijzigen', 'update() met If-Match', () =>
  client.update({ ...patient, gender: 'unknown' }, { headers: { 'If-Match': 'W/"1"' } }));
await stap('verouderd', 'update() met If-Match', () =>
  geweigerd(client.update({ ...patient, gender: 'male' }, { headers: { 'If-Match': 'W/"1"' } }), fout));
await stap('oude versie', 'request()', () => client.request(`Patient/${patient.id}/_history/1`));
await stap('geschiedenis', 'request()', async () => versies(await client.request(`Patient/${patient.id}/_history`)));
await stap('zoeken met include', 'request()', async () => {
  await client.create(gebruikVan(patient.id, device.id));
  return typesIn(await client.request(`DeviceUseStatement?patient=${patient.id}&_include=DeviceUseStatement:device`));
});
await stap('bladeren', 'pages()', async () => {
  for (let i = 0; i < 5; i++) await client.create(per(patient.id, stukken.maat));
  const bladzijden = [];
  for await (const bundel of client.pages(`Observation?patient=${patient.id}&_count=2`)) {
    bladzijden.push(bundel.entry.map((r) => r.resource.id));
  }
  return { eerste: bladzijden[0].length, alle: bladzijden.flat() };
});
await stap('zoeken over eigen paspoorten', 'resources()', async () => {
  let eigen = 0;
  for await (const r of client.resources('Observation?code=zitbreedte&_count=50')) {
    if (r.subject.reference === `Patient/${patient.id}`) eigen++;
  }
  return eigen;
});
await stap('patch', 'patch() met If-Match', () =>
  client.patch(`Patient/${patient.id}`, [
    { op: 'test', path: '/gender', value: 'unknown' },
    { op: 'replace', path: '/gender', value: 'other' },
  ], { headers: { 'If-Match': 'W/"2"' } }));
const bundel = (inhoud) =>
  client.request({ url: '', method: 'POST', body: JSON.stringify(inhoud), headers: { 'content-type': 'application/fhir+json' } });
await stap('transactie', 'request()', async () => plaatsen(await bundel(stukken.transactie)));
await stap('transactie terug', 'request()', async () => ({
  ...(await geweigerd(bundel(mislukte(stukken.transactie)), fout)),
  gebleven: (await client.request('Patient?family=Terug')).total,
}));
await stap('alles', 'request()', async () => typesIn(await client.request(`Patient/${patient.id}/$everything`)));
const keur = (inhoud) =>
  client.request({ url: 'Patient/$validate', method: 'POST', body: JSON.stringify(inhoud), headers: { 'content-type': 'application/fhir+json' } });
await stap('keuren', 'request()', async () => ({
  goed: ernsten(await keur(stukken.patient)),
  kapot: ernsten(await keur(stukken.kapot)),
}));
await stap('verwijderen', 'delete(), request()', async () => {
  const los = await client.create(stukken.hulpmiddel);
  await client.delete(`Device/${los.id}`);
  return geweigerd(client.request(`Device/${los.id}`), fout);
});
