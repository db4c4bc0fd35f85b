// npm openid-client: een stock OpenID-bibliotheek tegen het product, en private_key_jwt uit Node met beide algoritmen.
// Zij kijkt zelf na: iss in het antwoord, state, PKCE, en van het id_token handtekening, iss, aud, nonce, exp en at_hash.
import * as oidc from 'openid-client';

const { BASE, TERUG, SLEUTELS, FHIR } = process.env;
const uit = {};
const openbaar = { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] };

// Een mens met een browser: inloggen, de bladzijde lezen, ja zeggen. Geeft het adres waarmee de app verder gaat.
async function zegJa(adres, persoon) {
  const koekjes = new Map();
  const vraag = async (plek, velden) => {
    const antwoord = await fetch(plek, {
      redirect: 'manual',
      headers: { cookie: [...koekjes].map(([n, w]) => `${n}=${w}`).join('; ') },
      ...(velden && { method: 'POST', body: new URLSearchParams(velden) }),
    });
    for (const k of antwoord.headers.getSetCookie()) koekjes.set(...k.split(';')[0].split(/=(.*)/s).slice(0, 2));
    return antwoord;
  };
  await vraag(`${BASE}/inloggen`, { persoon });
  const bladzijde = await (await vraag(adres)).text();
  const velden = [...bladzijde.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  const schoon = (t) => t.replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
  const antwoord = await vraag(`${BASE}/oauth/authorize`, {
    ...Object.fromEntries(velden.map(([, n, w]) => [n, schoon(w)])), besluit: 'ja',
  });
  return new URL(antwoord.headers.get('location'));
}

for (const [client, alg] of [['app-eigen', 'RS256'], ['app-es256', 'ES256']]) {
  const config = await oidc.discovery(new URL(BASE), client, { id_token_signed_response_alg: alg }, oidc.None(), openbaar);
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const adres = oidc.buildAuthorizationUrl(config, {
    redirect_uri: TERUG, scope: 'openid fhirUser launch/patient offline_access patient/*.rs', aud: FHIR,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256',
    state: expectedState, nonce: expectedNonce, max_age: '1000',
  });
  const terug = await zegJa(adres, 'yvonne');
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true, maxAge: 1000 };
  const tokens = await oidc.authorizationCodeGrant(config, terug, checks);
  const wie = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  const nieuw = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  uit[alg] = {
    kop: JSON.parse(atob(tokens.id_token.split('.')[0])).alg, patient: tokens.patient, fhirUser: tokens.claims().fhirUser,
    zelfde: wie.fhirUser === tokens.claims().fhirUser && nieuw.claims().sub === wie.sub, expires: nieuw.expires_in,
  };
  // Een bibliotheek die een andere nonce of een ander antwoord verwacht, weigert het zelf.
  uit[alg].verwisseld = await oidc
    .authorizationCodeGrant(config, new URL(`${TERUG}?code=x&state=${expectedState}&iss=https://evil.example`), checks)
    .then(() => 'aangenomen', (fout) => fout.code ?? fout.name);
  await oidc.tokenRevocation(config, nieuw.refresh_token);
  uit[alg].ingetrokken = (await fetch(`${FHIR}/Patient`, { headers: { authorization: `Bearer ${nieuw.access_token}` } })).status;
}

for (const [alg, jwk] of Object.entries(JSON.parse(SLEUTELS))) {
  const soort = alg === 'ES384' ? { name: 'ECDSA', namedCurve: 'P-384' } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' };
  const key = await crypto.subtle.importKey('jwk', { ...jwk, ext: true }, soort, false, ['sign']);
  const config = await oidc.discovery(
    new URL(BASE), `app-${alg}`, undefined, oidc.PrivateKeyJwt({ key, kid: jwk.kid }), openbaar,
  );
  const token = await oidc.clientCredentialsGrant(config, { scope: 'system/*.rs' });
  const na = await oidc.tokenIntrospection(config, token.access_token);
  uit[alg] = { scope: token.scope, soort: token.token_type, actief: na.active, van: na.client_id };
}
console.log(JSON.stringify(uit));
