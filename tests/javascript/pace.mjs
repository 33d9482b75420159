// How many credentials a second of processor time are signed and verified with `eddsa-rdfc-2022`.
//
//   npm ci && node pace.mjs DOCUMENTS SECONDS NAME...
//
// DOCUMENTS are the project's own documents (services/credentials/canonical/tests/vectors/documents.json),
// NAMEs those that are signed, SECONDS the processor time of one sample. Prints one JSON document:
// by name what was signed and verified a second. `cargo bench -p northstar-tests --bench credentials`
// runs it beside Northstar.
import jsigs from 'jsonld-signatures';
import {documentLoader, documents, ed25519, read, suites} from './common.mjs';

const {purposes: {AssertionProofPurpose}} = jsigs;
const purpose = () => new AssertionProofPurpose();
const [, , file, seconds, ...names] = process.argv;

const issuer = 'did:web:badges.example:t:north';
const {key, signer, multibase} = await ed25519(issuer, 'ed-2026-01', 1);
documents.set(issuer, {
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
  id: issuer,
  verificationMethod: [
    {id: key.id, type: 'Multikey', controller: issuer, publicKeyMultibase: multibase},
  ],
  assertionMethod: [key.id],
});

const signing = suites['eddsa-rdfc-2022'](signer);
const [verifying] = suites.verifying();
const sign = document =>
  jsigs.sign(structuredClone(document), {suite: signing, purpose: purpose(), documentLoader});

async function verify(secured) {
  const checked = await jsigs.verify(secured, {suite: verifying, purpose: purpose(), documentLoader});
  if (!checked.verified) {
    throw checked.error;
  }
}

/** How often a second, warm, by the time that all threads of this process together had. */
async function rate(what) {
  const spent = begin => {
    const {user, system} = process.cpuUsage(begin);
    return (user + system) / 1e6;
  };
  for (const begin = process.cpuUsage(); spent(begin) < seconds / 2;) {
    await what();
  }
  let done = 0;
  const begin = process.cpuUsage();
  for (; spent(begin) < seconds; done += 1) {
    await what();
  }
  return done / spent(begin);
}

const known = new Map(read(file).documents.map(one => [one.name, one.document]));
const rates = {};
for (const name of names) {
  const document = known.get(name);
  const secured = await sign(document);
  const signed = await rate(() => sign(document));
  rates[name] = {signed, verified: await rate(() => verify(secured))};
}
console.log(JSON.stringify(rates));
