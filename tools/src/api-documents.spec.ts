import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const folder = join(root, 'docs', 'api');
const documents = readdirSync(folder).filter((file) => file.endsWith('.openapi.json'));
// It is an ES module that reads its schemas beside itself: asked in a process of its own.
const CHECK = `import { Validator } from '@seriousme/openapi-schema-validator';
  const validator = new Validator();
  const { valid, errors } = await validator.validate(process.argv[1]);
  console.log(JSON.stringify({ valid, errors, version: validator.version }));`;

function check(file: string): { readonly valid: boolean; readonly errors?: unknown; readonly version: string } {
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', CHECK, file], { cwd: root });
  return JSON.parse(said.toString()) as ReturnType<typeof check>;
}

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly examples?: object }>> };
}

function operationsOf(file: string): readonly Operation[] {
  const { paths } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  return Object.values(paths).flatMap((methods) => Object.values(methods));
}

it('there is a document for each kind of service', () => {
  const services = ['distributor', 'manufacturer', 'pharmacy', 'trace', 'validator'];
  expect(documents).toEqual(services.map((name) => `${name}.openapi.json`));
});

describe.each(documents)('%s', (file) => {
  it('is OpenAPI 3.1 by the schema of the OpenAPI Initiative', () => {
    expect(check(join(folder, file))).toEqual({ valid: true, version: '3.1' });
  });

  it('says of every operation what it is for, who may, and how it says no', () => {
    for (const { operationId, summary, security, responses, requestBody } of operationsOf(file)) {
      expect([operationId, summary]).toEqual([operationId, expect.stringMatching(/\w{3}/)]);
      expect(security).toBeDefined();
      for (const status of ['400', '429', '500']) {
        expect([operationId, Object.keys(responses)]).toEqual([operationId, expect.arrayContaining([status])]);
        expect(Object.keys(responses[status]!.content!)).toEqual(['application/problem+json']);
      }
      // The examples stand under the first media type.
      const [body] = Object.values(requestBody?.content ?? {});
      if (body) expect([operationId, Object.keys(body.examples ?? {})]).not.toEqual([operationId, []]);
    }
  });

  it('points at nothing that is not there', () => {
    const text = readFileSync(join(folder, file), 'utf8');
    const { components } = JSON.parse(text) as { components: { schemas: object } };
    const names = [...text.matchAll(/"\$ref": "#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(Object.keys(components.schemas)).toContain(name);
  });
});

it('a document that is none is told as such', () => {
  expect(check(join(root, 'package.json'))).toMatchObject({ valid: false });
});
