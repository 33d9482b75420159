// Makes services/credentials/proof/tests/vectors/independent.json: credentials signed by others.
//
//   npm ci && node make.mjs DOCUMENTS CONTEXT > independent.json
//
// DOCUMENTS are the project's own documents (services/credentials/canonical/tests/vectors/documents.json),
// CONTEXT the W3C's file of the context for proofs, which no package has and badges of the data model 1.1 need.
// ECDSA signatures and the RSA key differ from run to run.
import {generateKeyPairSync} from 'node:crypto';
import * as base58 from 'base58-universal';
import jsigs from 'jsonld-signatures';
import * as jose from 'jose';
import {documentLoader, documents, ed25519, p256, read, signJcs, suites} from './common.mjs';

const {purposes: {AssertionProofPurpose}} = jsigs;
const purpose = () => new AssertionProofPurpose();

const issuer = 'did:web:badges.example:t:north';
const ed = await ed25519(issuer, 'ed-2026-01', 1);
const p = await p256(issuer, 'p256-2026-01', 2);
const rsa = generateKeyPairSync('rsa', {modulusLength: 2048});
const rsaJwk = rsa.publicKey.export({format: 'jwk'});
const method = (id, rest) => ({id: `${issuer}#${id}`, controller: issuer, ...rest});
const edJwk = {
  kty: 'OKP', crv: 'Ed25519',
  x: Buffer.from(base58.decode(ed.multibase.slice(1))).subarray(2).toString('base64url'),
};
const did = {
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1',
    'https://w3id.org/security/jwk/v1'],
  id: issuer,
  verificationMethod: [
    method('ed-2026-01', {type: 'Multikey', publicKeyMultibase: ed.multibase}),
    method('p256-2026-01', {type: 'Multikey', publicKeyMultibase: p.multibase}),
    method('ed-2026-01-jwk', {type: 'JsonWebKey', publicKeyJwk: edJwk}),
    method('p256-2026-01-jwk', {type: 'JsonWebKey', publicKeyJwk: p.jwk}),
    method('rsa-2026-01-jwk', {type: 'JsonWebKey', publicKeyJwk: rsaJwk}),
  ],
};
did.assertionMethod = did.verificationMethod.map(({id}) => id);
documents.set(issuer, did);
const proofs = 'https://w3id.org/security/data-integrity/v2';
documents.set(proofs, read(process.argv[3]));

const named = new Map(read(process.argv[2]).documents.map(one => [one.name, one.document]));
const small = named.get('a small badge');
const rich = named.get('a rich badge');
// The schema asks for a time of day where that document has a date.
rich.credentialSubject.activityStartDate = '2025-09-01T08:00:00Z';
// The suite's other implementations throw on a list.
const open = structuredClone(rich);
open.credentialSubject.achievement.resultDescription.forEach(one => delete one.allowedValue);

// The small one as the data model 1.1 has it.
const {validFrom: issuanceDate, ...members} = small;
const older = {
  ...members,
  '@context': ['https://www.w3.org/2018/credentials/v1', small['@context'][1],
    'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json', proofs],
  issuanceDate, expirationDate: '2031-01-15T08:00:00Z',
  credentialStatus: {id: 'https://badges.example/revoked', type: '1EdTechRevocationList'},
};

const made = [];
const keep = (name, secured) => made.push({name, secured});
const signed = (document, suite) => jsigs.sign(structuredClone(document), {suite, purpose: purpose(), documentLoader});

for (const [name, document] of [['a small badge', small], ['a rich badge', rich]]) {
  keep(`${name}, eddsa-rdfc-2022`, await signed(document, suites['eddsa-rdfc-2022'](ed.signer)));
  keep(`${name}, eddsa-jcs-2022`, signJcs(document, ed.id, 1));
}
keep('an older badge, eddsa-rdfc-2022', await signed(older, suites['eddsa-rdfc-2022'](ed.signer)));
const pointers = ['/issuer', '/validFrom', '/validUntil', '/credentialStatus', '/credentialSchema',
  '/credentialSubject/achievement'];
for (const [name, document, mandatory, chosen] of [
  ['a small badge', small, ['/issuer', '/validFrom', '/credentialSubject/achievement'], ['/id']],
  ['a rich badge', open, pointers, ['/credentialSubject/result/0', '/id']],
]) {
  const base = await signed(document, suites['ecdsa-sd-2023'](p.signer, mandatory));
  keep(`${name}, ecdsa-sd-2023, base`, base);
  const suite = suites.disclose(chosen);
  const derived = await jsigs.derive(structuredClone(base), {suite, purpose: purpose(), documentLoader});
  keep(`${name}, ecdsa-sd-2023, derived`, derived);
}

const seconds = time => Math.floor(Date.parse(time) / 1000);
async function token(name, document, alg, key, kid, more = {}) {
  const [from, until] = document === older
    ? [document.issuanceDate, document.expirationDate] : [document.validFrom, document.validUntil];
  const claims = {
    ...document === older ? {vc: document} : document,
    iss: document.issuer.id, jti: document.id, sub: document.credentialSubject.id,
    nbf: seconds(from), ...until ? {exp: seconds(until)} : {},
  };
  const header = {alg, kid: `${issuer}#${kid}`, typ: 'JWT', ...more};
  keep(name, await new jose.SignJWT(claims).setProtectedHeader(header).sign(key));
}
const edSecret = await jose.importJWK(
  {...edJwk, d: Buffer.alloc(32, 1).toString('base64url')}, 'EdDSA');
await token('a rich badge, VC-JWT ES256', rich, 'ES256', await jose.importJWK(p.secret, 'ES256'), 'p256-2026-01-jwk');
await token('a rich badge, VC-JWT EdDSA', rich, 'EdDSA', edSecret, 'ed-2026-01-jwk');
await token('a rich badge, VC-JWT RS256', rich, 'RS256', rsa.privateKey, 'rsa-2026-01-jwk');
await token('an older badge, VC-JWT ES256', older, 'ES256', await jose.importJWK(p.secret, 'ES256'), 'p256-2026-01-jwk');

const about = 'Made with tests/javascript/make.mjs on Node 20 (versions in its package.json). '
  + 'The Ed25519 seed is 32 bytes of 1, the P-256 scalar 32 bytes of 2.';
process.stdout.write(JSON.stringify({made: about, documents: [did], credentials: made}, null, 1) + '\n');
