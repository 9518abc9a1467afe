import { createHash } from 'node:crypto';
import { viewerPage } from './viewer.js';

const { html, policy } = viewerPage({ info: { title: 'A <b>service</b>' } });
const textOf = (tag: 'script' | 'style') =>
  html.slice(html.indexOf(`<${tag}>`) + `<${tag}>`.length, html.indexOf(`</${tag}>`));
const script = textOf('script');
const style = textOf('style');
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the page of a document', () => {
  it('runs what its policy states by hash, and nothing else', () => {
    expect(policy).toContain(`default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)};`);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(script.includes('<!--')).toBe(false);
  });

  it('loads the document of this service, and nothing from elsewhere', () => {
    const pictures = [...style.matchAll(/url\(["']?([^"')]{5})/g)].map(([, address]) => address);
    expect([new Set(pictures), style.includes('@import')]).toEqual([new Set(['data:']), false]);
    expect(script.includes("url: '/docs/openapi.json'")).toBe(true);
    const around = html.replace(style, '').replace(script, () => '');
    expect(around).toContain('<title>A &lt;b&gt;service&lt;/b&gt;</title>');
    expect(around).not.toMatch(/src=|style="|https?:/);
  });
});
