// Verifies what Northstar signed, with software that has nothing in common with it.
//
//   npm ci && node verify.mjs FILE
//
// FILE: {"documents": [issuers' documents], "credentials": [{"name", "secured", "sound"}]}, where
// `secured` is a document with a proof or a compact JWS, and `sound` whether it should verify. It may also
// have `now` (the time to verify at), `contexts` (by URL, what no package has) and `lists` (status lists,
// signed; with them the bit of every credential that names one is looked at). The badges of a record are
// verified each by itself, too.
import {gunzipSync} from 'node:zlib';
import * as vc from '@digitalbazaar/vc';
import * as jose from 'jose';
import {documentLoader, documents, read, suites, verifyJcs} from './common.mjs';

const {documents: issuers, credentials, now = '2026-06-01T00:00:00Z', contexts = {}, lists} =
  read(process.argv[2]);
issuers.forEach(document => documents.set(document.id, document));
Object.entries(contexts).forEach(([url, context]) => documents.set(url, context));
const published = new Map((lists ?? []).map(list => [list.id, list]));

async function verifyToken(compact) {
  const {kid, alg} = jose.decodeProtectedHeader(compact);
  const {document: method} = await documentLoader(kid);
  const key = await jose.importJWK(method.publicKeyJwk, alg);
  const {payload} = await jose.jwtVerify(compact, key, {
    algorithms: ['ES256', 'EdDSA'], requiredClaims: ['iss', 'sub', 'jti', 'nbf'],
    currentDate: new Date(now),
  });
  const same = payload.iss === payload.issuer.id && payload.jti === payload.id;
  return same && await holds(payload) && await verifyCarried(payload);
}

// What the list says of the credential's bit, once the list itself verifies.
async function holds({credentialStatus: status}) {
  if (!status || !lists) {
    return true;
  }
  const list = published.get(status.statusListCredential);
  if (!list || !await verifyProof(list)) {
    return false;
  }
  const bits = gunzipSync(Buffer.from(list.credentialSubject.encodedList.slice(1), 'base64url'));
  const index = Number(status.statusListIndex);
  return index < bits.length * 8 && !(bits[index >> 3] & (0x80 >> (index & 7)));
}

// Data Integrity as vc.verifyCredential has it, but at a fixed time and without its status fetch.
async function verifyProof(secured) {
  if (secured.proof.cryptosuite === 'eddsa-jcs-2022') {
    return verifyJcs(secured);
  }
  const checked = await vc.verifyCredential({
    credential: secured, suite: suites.verifying(), documentLoader,
    now: new Date(now), checkStatus: async () => ({verified: await holds(secured)}),
  });
  if (!checked.verified && process.env.VERBOSE) {
    console.error(JSON.stringify(checked, null, 1), checked.error?.errors);
  }
  return checked.verified && await verifyCarried(secured);
}

async function verifyCarried({credentialSubject}) {
  for (const one of credentialSubject?.verifiableCredential ?? []) {
    if (!await verifyProof(one)) {
      return false;
    }
  }
  return true;
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
