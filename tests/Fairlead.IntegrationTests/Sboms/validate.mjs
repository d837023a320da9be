// node validate.mjs TOOLS cyclonedx FILE        the official library's strict validator, CycloneDX 1.6
// node validate.mjs TOOLS spdx FILE SCHEMA      the JSON schema of SPDX 2.3
// Prints "valid", or what is wrong, and then exits with 1. TOOLS is the directory that has node_modules.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [tools, format, file, schema] = process.argv.slice(2);
const require = createRequire(`${tools}/`);
const text = readFileSync(file, 'utf8');
let problems;
if (format === 'cyclonedx') {
  const { Validation: { JsonStrictValidator }, Spec: { Version } } = require('@cyclonedx/cyclonedx-library');
  problems = await new JsonStrictValidator(Version.v1dot6).validate(text);
} else {
  const Ajv = require('ajv');
  const ajv = new (Ajv.default ?? Ajv)({ allErrors: true, strict: false });
  require('ajv-formats').default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  problems = validate(JSON.parse(text)) ? null : validate.errors;
}
console.log(problems === null ? 'valid' : JSON.stringify(problems, null, 1));
process.exitCode = problems === null ? 0 : 1;
