import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import type { Source } from './source-rules.js';

/** A code block of a document: its language and its lines. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

export function blocksOf({ text }: Source): readonly Block[] {
  return [...text.matchAll(/^[ \t]*```(\w*)\n([^]*?)^[ \t]*```$/gm)].map(([, language, lines]) => ({
    language: language!,
    text: lines!,
  }));
}

/** Links of a document to files that are not there. */
export function brokenLinks({ path, text }: Source, exists: (file: string) => boolean): readonly string[] {
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1]!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !exists(normalize(join(dirname(path), target))))
    .map((target) => `${path}: ${target} is not there`);
}

/** What a project exports by name, by the project's own name. */
export type Exports = ReadonlyMap<string, ReadonlySet<string>>;

/** TypeScript in a document that does not parse, or imports what its project does not export. */
export function wrongSnippets(document: Source, exports: Exports): readonly string[] {
  return blocksOf(document)
    .filter(({ language }) => language === 'ts' || language === 'typescript')
    .flatMap(({ text }) => wrongSnippet(document.path, text, exports));
}

function wrongSnippet(path: string, text: string, exports: Exports): readonly string[] {
  const file = ts.createSourceFile('snippet.ts', text, ts.ScriptTarget.Latest, true);
  const { parseDiagnostics = [] } = file as unknown as { parseDiagnostics?: readonly ts.Diagnostic[] };
  const faults = parseDiagnostics.map(
    ({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  );
  for (const { project, names } of importsOf(file)) {
    if (!project.startsWith('@custos/')) continue;
    const known = exports.get(project);
    if (!known) faults.push(`${path}: no project ${project}`);
    else faults.push(...names.filter((name) => !known.has(name)).map((name) => `${path}: ${project} has no ${name}`));
  }
  return faults;
}

interface Import {
  readonly project: string;
  readonly names: readonly string[];
}

function importsOf(file: ts.SourceFile): readonly Import[] {
  return file.statements.filter(ts.isImportDeclaration).map(({ moduleSpecifier, importClause }) => {
    const bindings = importClause?.namedBindings;
    const names = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
    return {
      project: (moduleSpecifier as ts.StringLiteral).text,
      names: names.map(({ name, propertyName }) => (propertyName ?? name).getText()),
    };
  });
}

/** Names that an index.ts lists. */
export function exportedNames({ path, text }: Source): ReadonlySet<string> {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause))
      continue;
    for (const { name } of statement.exportClause.elements) names.add(name.getText());
  }
  return names;
}

/** Returns the paths that a section of a document names in backticks: those with a slash, from the root. */
export function pathsIn({ text }: Source, heading: string): readonly string[] {
  const from = text.indexOf(`\n## ${heading}\n`);
  if (from < 0) throw new Error(`no section "${heading}"`);
  const end = text.indexOf('\n## ', from + 1);
  const section = text.slice(from, end < 0 ? undefined : end);
  return [...section.matchAll(/`([\w.-]+(?:\/[\w.-]+)+)`/g)].map((match) => match[1]!);
}

/** Returns the places of a section that are said to hold a name and do not: "`NAME` of `path`", "`NAME` in `path`". */
export function absentNames({ text }: Source, textOf: (path: string) => string): readonly string[] {
  return [...text.matchAll(/`(\w+)` (?:of|in) `([\w.-]+(?:\/[\w.-]+)+\.\w+)`/g)]
    .filter(([, name, path]) => !new RegExp(`\\b${name}\\b`).test(textOf(path!)))
    .map(([said]) => said);
}

/** Returns the places of this repository that a document names and that are not there. What a build makes is not asked. */
export function absentPaths({ path, text }: Source, exists: (place: string) => boolean): readonly string[] {
  const places = text.matchAll(/`((?:apps|bench|deploy|docs|libs|tools|vectors)(?:\/[\w.-]+)+)`/g);
  return [...places]
    .map(([, place]) => place!)
    .filter((place) => !place.includes('/dist/') && !exists(place))
    .map((place) => `${path}: ${place}`);
}
