import { createHash } from 'node:crypto';

type Members = { readonly [name: string]: unknown };

/** An OpenAPI 3.1 document. */
export type ApiDocument = Members;

export interface DocsPage {
  readonly html: string;
  /** Content-Security-Policy of the page: its own style, nothing else, from nowhere. */
  readonly policy: string;
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b2430; }
h2 { margin: 2.5rem 0 0.5rem; font-size: 1.1rem; }
code, pre { font: 14px/1.45 ui-monospace, monospace; }
h2 code { background: #e8eef6; padding: 0.2rem 0.4rem; border-radius: 4px; font-size: 1rem; }
pre { background: #f5f7fa; padding: 0.8rem; overflow-x: auto; border-radius: 4px; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: 0.25rem 0.8rem 0.25rem 0; border-top: 1px solid #dde3ea; }
summary { cursor: pointer; color: #174ea6; }
@media (prefers-color-scheme: dark) {
  body { background: #14181d; color: #e6e9ee; }
  h2 code, pre { background: #1f262e; }
  td, th { border-color: #333c47; }
  summary, a { color: #8ab4f8; }
}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The document as one page without scripts: what is asked, what is answered, and the examples. */
export function docsPage(document: ApiDocument): DocsPage {
  const { title, description } = at(document, 'info') as { readonly title: string; readonly description: string };
  const operations = Object.entries(at(document, 'paths')).flatMap(([path, methods]) =>
    Object.entries(methods as Members).map(([method, operation]) => operationOf(method, path, operation as Members)),
  );
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<h1>${escaped(title)}</h1>
${paragraphs(description)}
<p><a href="/docs/openapi.json">OpenAPI 3.1</a></p>
${operations.join('\n')}
<h2>Schemas</h2>
${folded('All schemas', at(document, 'components', 'schemas'))}
</html>
`;
  return { html, policy: POLICY };
}

function operationOf(method: string, path: string, operation: Members): string {
  const { summary = '', description = '', parameters = [], requestBody, responses = {}, security = [] } = operation;
  const access = (security as readonly Members[]).flatMap((one) => Object.keys(one)).join(', ') || 'public';
  return [
    `<h2 id="${escaped(String(operation.operationId))}"><code>${escaped(method.toUpperCase())} ${escaped(path)}</code></h2>`,
    `<p>${escaped(String(summary))}. ${escaped(String(description))} <small>(${escaped(access)})</small></p>`,
    parametersOf(parameters as readonly Members[]),
    requestBody === undefined ? '' : folded('Request body', at(operation, 'requestBody', 'content')),
    responsesOf(responses as Members),
  ].join('\n');
}

function parametersOf(parameters: readonly Members[]): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(({ name, in: place, required, description = '', examples = {} }) => {
    const values = Object.values(examples as Members).map(
      (one) => `<code>${escaped(String((one as Members).value))}</code>`,
    );
    const need = required === true ? 'required' : 'optional';
    const cells = [
      `<code>${escaped(String(name))}</code>`,
      `${escaped(String(place))}, ${need}`,
      escaped(String(description)),
    ];
    return `<tr>${[...cells, values.join(' ')].map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<table><tr><th>parameter</th><th></th><th></th><th>example</th></tr>${rows.join('')}</table>`;
}

function responsesOf(responses: Members): string {
  const rows = Object.entries(responses).map(([status, response]) => {
    const { description = '', content } = response as Members;
    const body = content === undefined ? '' : folded('body', content);
    return `<tr><td><code>${escaped(status)}</code></td><td>${escaped(String(description))}${body}</td></tr>`;
  });
  return `<table><tr><th>answer</th><th></th></tr>${rows.join('')}</table>`;
}

function folded(title: string, json: unknown): string {
  return `<details><summary>${escaped(title)}</summary><pre>${escaped(JSON.stringify(json, null, 2))}</pre></details>`;
}

function paragraphs(text: string): string {
  return text
    .split('\n\n')
    .map((paragraph) => `<p>${escaped(paragraph)}</p>`)
    .join('\n');
}

function at(document: Members, ...path: readonly string[]): Members {
  return path.reduce<Members>((members, name) => (members[name] ?? {}) as Members, document);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
