import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SYSTEM } from '@custos/formats-api';

// Swagger UI from its own package, in one page: it loads the document of this service, and asks no other host.

/** An OpenAPI 3.1 document. */
export type ApiDocument = { readonly [name: string]: unknown };

/** The page of the viewer with the headers that it needs. */
export interface ViewerPage {
  readonly html: string;
  /** Content-Security-Policy of the page: its own script and style, by their hashes, and requests to this service. */
  readonly policy: string;
}

/** `validatorUrl: null`: no host is asked whether the document is valid. The colours follow the reader's system. */
const START = `
;(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', paint);
  paint();
  SwaggerUIBundle({
    url: '${SYSTEM.openapi.path}',
    dom_id: '#viewer',
    deepLinking: true,
    validatorUrl: null,
    defaultModelsExpandDepth: 0,
  });
})();
`;

/** Swagger UI paints its own parts; this paints what is around them. */
const SURROUNDINGS = `
body { margin: 0; }
html.dark-mode, html.dark-mode body { background: #1c2022; color-scheme: dark; }
`;

/** Returns the page that shows the document of a service. */
export function viewerPage(document: ApiDocument): ViewerPage {
  const { title } = document.info as { readonly title: string };
  const style = partOf('swagger-ui.css') + SURROUNDINGS;
  // HTML reads these two also inside a string of a script.
  const bundle = partOf('swagger-ui-bundle.js').replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const script = bundle + START;
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
<div id="viewer"></div>
<noscript><a href="${SYSTEM.openapi.path}">OpenAPI 3.1</a></noscript>
<script>${script}</script>
</html>
`;
  return { html, policy: policyFor(script, style) };
}

function policyFor(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    // Icons stand in the style.
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function partOf(file: string): string {
  const { resolve } = createRequire(import.meta.url);
  const text = readFileSync(join(dirname(resolve('swagger-ui-dist/package.json')), file), 'utf8');
  // Source maps are not served.
  return text.replace(/\/[/*]# sourceMappingURL=\S+( \*\/|\*\/)?\s*$/, '');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
