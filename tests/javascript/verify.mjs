// Verifies what Northstar signed, with software that has nothing in common with it.
//
//   npm ci && node verify.mjs FILE
//
// FILE: {"documents": [issuers' documents], "credentials": [{"name", "secured", "sound"}], "now"}, where
// `secured` is a document with a proof or a compact JWS, `sound` whether it should verify, and `now` the
// time to verify at, if it is another than 1 June 2026.
import jsigs from 'jsonld-signatures';
import * as vc from '@digitalbazaar/vc';
import * as jose from 'jose';
import {documentLoader, documents, read, suites, verifyJcs} from './common.mjs';

const {documents: issuers, credentials, now = '2026-06-01T00:00:00Z'} = read(process.argv[2]);
issuers.forEach(document => documents.set(document.id, document));

async function verifyToken(compact) {
  const {kid, alg} = jose.decodeProtectedHeader(compact);
  const {document: method} = await documentLoader(kid);
  const key = await jose.importJWK(method.publicKeyJwk, alg);
  const {payload} = await jose.jwtVerify(compact, key, {
    algorithms: ['ES256', 'EdDSA'], requiredClaims: ['iss', 'sub', 'jti', 'nbf'],
    currentDate: new Date(now),
  });
  return payload.iss === payload.issuer.id && payload.jti === payload.id;
}

// Data Integrity as vc.verifyCredential has it, but at a fixed time and without its status fetch.
async function verifyProof(secured) {
  if (secured.proof.cryptosuite === 'eddsa-jcs-2022') {
    return verifyJcs(secured);
  }
  const checked = await vc.verifyCredential({
    credential: secured, suite: suites.verifying(), documentLoader,
    now: new Date(now), checkStatus: async () => ({verified: true}),
  });
  if (!checked.verified && process.env.VERBOSE) {
    console.error(JSON.stringify(checked, null, 1), checked.error?.errors);
  }
  return checked.verified;
}

let wrong = 0;
for (const {name, secured, sound = true} of credentials) {
  let found = false;
  let why = '';
  try {
    found = await (typeof secured === 'string' ? verifyToken(secured) : verifyProof(secured));
  } catch (error) {
    why = `: ${error.message}`;
  }
  const ends = found === sound ? 'ok' : 'NOT AS EXPECTED';
  wrong += found === sound ? 0 : 1;
  console.log(`${ends}: ${name} ${found ? 'verifies' : 'does not verify'}${found ? '' : why}`);
}
console.log(`${credentials.length - wrong} passed, ${wrong} failed`);
process.exitCode = wrong === 0 && credentials.length > 0 ? 0 : 1;
