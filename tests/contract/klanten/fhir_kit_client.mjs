// npm fhir-kit-client: elke stap met zijn eigen functie.
import { Client } from 'fhir-kit-client';
import { FHIR, haalToken, stap, stukken, geweigerd, mislukte, per, gebruikVan, typesIn, versies, plaatsen, ernsten } from './stap.mjs';

const client = new Client({ baseUrl: FHIR });
const fout = (f) => ({ status: f.response.status, outcome: f.response.data });

await stap('ontdekken', 'smartAuthMetadata(), capabilityStatement()', async () => ({
  token: (await client.smartAuthMetadata()).tokenUrl.href,
  fhir: (await client.capabilityStatement()).fhirVersion,
}));
await stap('token', 'fetch, bearerToken', async () => {
  client.bearerToken = await haalToken();
  return { aangemeld: true };
});
const patient = await stap('maken', 'create()', () => client.create({ resourceType: 'Patient', body: stukken.patient }));
const device = await stap('maken zonder patient', 'create()', () =>
  client.create({ resourceType: 'Device', body: stukken.hulpmiddel }));
await stap('lezen', 'read()', () => client.read({ resourceType: 'Patient', id: patient.id }));
await stap('wijzigen', 'update() met If-Match', () =>
  client.update({
    resourceType: 'Patient', id: patient.id, body: { ...patient, gender: 'unknown' },
    options: { headers: { 'If-Match': 'W/"1"' } },
  }));
await stap('verouderd', 'update() met If-Match', () =>
  geweigerd(client.update({
    resourceType: 'Patient', id: patient.id, body: { ...patient, gender: 'male' },
    options: { headers: { 'If-Match': 'W/"1"' } },
  }), fout));
await stap('oude versie', 'vread()', () => client.vread({ resourceType: 'Patient', id: patient.id, version: '1' }));
await stap('geschiedenis', 'resourceHistory()', async () =>
  versies(await client.resourceHistory({ resourceType: 'Patient', id: patient.id })));
await stap('zoeken met include', 'resourceSearch()', async () => {
  await client.create({ resourceType: 'DeviceUseStatement', body: gebruikVan(patient.id, device.id) });
  return typesIn(await client.resourceSearch({
    resourceType: 'DeviceUseStatement',
    searchParams: { patient: patient.id, _include: 'DeviceUseStatement:device' },
  }));
});
await stap('bladeren', 'resourceSearch(), nextPage()', async () => {
  for (let i = 0; i < 5; i++) await client.create({ resourceType: 'Observation', body: per(patient.id, stukken.maat) });
  const bladzijden = [];
  let bundel = await client.resourceSearch({ resourceType: 'Observation', searchParams: { patient: patient.id, _count: 2 } });
  while (bundel) {
    bladzijden.push(bundel.entry.map((r) => r.resource.id));
    bundel = await client.nextPage({ bundle: bundel });
  }
  return { eerste: bladzijden[0].length, alle: bladzijden.flat() };
});
await stap('zoeken over eigen paspoorten', 'resourceSearch()', async () =>
  (await client.resourceSearch({ resourceType: 'Observation', searchParams: { code: 'zitbreedte', _count: 50 } }))
    .entry.map((r) => r.resource.subject.reference).filter((r) => r === `Patient/${patient.id}`).length);
await stap('patch', 'patch() met If-Match', () =>
  client.patch({
    resourceType: 'Patient', id: patient.id,
    jsonPatch: [{ op: 'test', path: '/gender', value: 'unknown' }, { op: 'replace', path: '/gender', value: 'other' }],
    options: { headers: { 'If-Match': 'W/"2"' } },
  }));
await stap('transactie', 'transaction()', async () => plaatsen(await client.transaction({ body: stukken.transactie })));
await stap('transactie terug', 'transaction()', async () => ({
  ...(await geweigerd(client.transaction({ body: mislukte(stukken.transactie) }), fout)),
  gebleven: (await client.resourceSearch({ resourceType: 'Patient', searchParams: { family: 'Terug' } })).total,
}));
await stap('alles', 'operation($everything)', async () =>
  typesIn(await client.operation({ name: 'everything', resourceType: 'Patient', id: patient.id, method: 'GET' })));
await stap('keuren', 'operation($validate)', async () => ({
  goed: ernsten(await client.operation({ name: 'validate', resourceType: 'Patient', input: stukken.patient })),
  kapot: ernsten(await client.operation({ name: 'validate', resourceType: 'Patient', input: stukken.kapot })),
}));
await stap('verwijderen', 'delete(), read()', async () => {
  const los = await client.create({ resourceType: 'Device', body: stukken.hulpmiddel });
  await client.delete({ resourceType: 'Device', id: los.id });
  return geweigerd(client.read({ resourceType: 'Device', id: los.id }), fout);
});
