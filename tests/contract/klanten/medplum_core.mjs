// npm @medplum/core. Zijn startJwtAssertionLogin() stuurt geen scope mee en SMART eist die: het token komt van buiten.
import { MedplumClient } from '@medplum/core';
import { FHIR, haalToken, stap, stukken, geweigerd, mislukte, per, gebruikVan, typesIn, versies, plaatsen, ernsten } from './stap.mjs';

const client = new MedplumClient({ baseUrl: new URL('/', FHIR).href, fhirUrlPath: 'fhir', cacheTime: 0 });
const fout = (f) => ({ outcome: f.outcome });

await stap('ontdekken', 'get()', async () => ({
  token: (await client.get(client.fhirUrl('.well-known', 'smart-configuration'))).token_endpoint,
  fhir: (await client.get(client.fhirUrl('metadata'))).fhirVersion,
}));
await stap('token', 'fetch, setAccessToken()', async () => {
  client.setAccessToken(await haalToken());
  return { aangemeld: client.getAccessToken() !== undefined };
});
const patient = await stap('maken', 'createResource()', () => client.createResource(stukken.patient));
const device = await stap('maken zonder patient', 'createResource()', () => client.createResource(stukken.hulpmiddel));
await stap('lezen', 'readResource()', () => client.readResource('Patient', patient.id));
await stap('wijzigen', 'updateResource() met If-Match', () =>
  client.updateResource({ ...patient, gender: 'unknown' }, { headers: { 'If-Match': 'W/"1"' } }));
await stap('verouderd', 'updateResource() met If-Match', () =>
  geweigerd(client.updateResource({ ...patient, gender: 'male' }, { headers: { 'If-Match': 'W/"1"' } }), fout));
await stap('oude versie', 'readVersion()', () => client.readVersion('Patient', patient.id, '1'));
await stap('geschiedenis', 'readHistory()', async () => versies(await client.readHistory('Patient', patient.id)));
await stap('zoeken met include', 'search()', async () => {
  await client.createResource(gebruikVan(patient.id, device.id));
  return typesIn(await client.search('DeviceUseStatement', { patient: patient.id, _include: 'DeviceUseStatement:device' }));
});
await stap('bladeren', 'searchResourcePages()', async () => {
  for (let i = 0; i < 5; i++) await client.createResource(per(patient.id, stukken.maat));
  const bladzijden = [];
  for await (const bladzijde of client.searchResourcePages('Observation', { patient: patient.id, _count: 2 })) {
    bladzijden.push(bladzijde.map((r) => r.id));
  }
  return { eerste: bladzijden[0].length, alle: bladzijden.flat() };
});
await stap('zoeken over eigen paspoorten', 'searchResources()', async () =>
  (await client.searchResources('Observation', { code: 'zitbreedte', _count: 50 }))
    .filter((r) => r.subject.reference === `Patient/${patient.id}`).length);
await stap('patch', 'patchResource() met If-Match', () =>
  client.patchResource('Patient', patient.id, [
    { op: 'test', path: '/gender', value: 'unknown' },
    { op: 'replace', path: '/gender', value: 'other' },
  ], { headers: { 'If-Match': 'W/"2"' } }));
await stap('transactie', 'executeBatch()', async () => plaatsen(await client.executeBatch(stukken.transactie)));
await stap('transactie terug', 'executeBatch()', async () => ({
  ...(await geweigerd(client.executeBatch(mislukte(stukken.transactie)), fout)),
  gebleven: (await client.search('Patient', { family: 'Terug' })).total,
}));
await stap('alles', 'readPatientEverything()', async () => typesIn(await client.readPatientEverything(patient.id)));
await stap('keuren', 'validateResource()', async () => ({
  goed: ernsten(await client.validateResource(stukken.patient)),
  kapot: ernsten(await client.validateResource(stukken.kapot)),
}));
await stap('verwijderen', 'deleteResource(), readResource()', async () => {
  const los = await client.createResource(stukken.hulpmiddel);
  await client.deleteResource('Device', los.id);
  return geweigerd(client.readResource('Device', los.id), fout);
});
