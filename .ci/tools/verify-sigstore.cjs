// Verifies a bundle with Sigstore's own library: node verify-sigstore.cjs KEY.pub BUNDLE [FILE]. Prints "verified", or why not and ends with 1.
const { readFileSync } = require('node:fs');
const { createPublicKey } = require('node:crypto');
const { bundleFromJSON } = require('@sigstore/bundle');
const { Verifier, toSignedEntity } = require('@sigstore/verify');

const [keyFile, bundleFile, file] = process.argv.slice(2);
const publicKey = createPublicKey(readFileSync(keyFile));
const trust = {
  certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [],
  publicKey: () => ({ publicKey, validFor: () => true }),
};
try {
  const bundle = bundleFromJSON(JSON.parse(readFileSync(bundleFile, 'utf8')));
  new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }).verify(toSignedEntity(bundle, file && readFileSync(file)));
  console.log('verified');
} catch (error) {
  console.log(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
