import { join } from 'node:path';
import ts from 'typescript';
import { blocksOf, type Exports } from './documents.js';
import type { Source } from './source-rules.js';

/** TypeScript of a document, with the project whose exports it may use without an import. */
export interface Snippet {
  readonly path: string;
  readonly project: string | undefined;
  readonly text: string;
}

export function snippetsOf(document: Source, project: string | undefined): readonly Snippet[] {
  return blocksOf(document)
    .filter(({ language }) => language === 'ts' || language === 'typescript')
    .map(({ text }) => ({ path: document.path, project, text }));
}

/** "Cannot find name", in its forms: with a suggestion, as a shorthand property, of a library that is not here. */
const UNKNOWN_NAME = new Set([2304, 2552, 18004, 2584, 2592, 2663]);

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  experimentalDecorators: true,
  types: ['node', 'jest'],
};

/**
 * Compiles every snippet against the built projects. What a snippet does not say is taken for granted: a name that its
 * project exports is imported, any other is whatever it should be. What is left is wrong: a function that takes other
 * things, a result without that member.
 */
export function wrongTypes(root: string, snippets: readonly Snippet[], exports: Exports): readonly string[] {
  const given = snippets.map(() => new Set<string>());
  const first = compile(root, snippets, given, exports);
  first.faults.forEach((faults, i) => {
    for (const { code, name } of faults) if (UNKNOWN_NAME.has(code)) given[i]!.add(name);
  });
  const { faults } = compile(root, snippets, given, exports, first.program);
  return faults.flatMap((list, i) => list.map(({ text }) => `${snippets[i]!.path}: ${text}`));
}

interface Fault {
  readonly code: number;
  /** What stands there in the text. */
  readonly name: string;
  readonly text: string;
}

function compile(
  root: string,
  snippets: readonly Snippet[],
  given: readonly ReadonlySet<string>[],
  exports: Exports,
  before?: ts.Program,
): { readonly program: ts.Program; readonly faults: readonly (readonly Fault[])[] } {
  const texts = new Map(
    snippets.map((snippet, i) => [
      join(root, 'tools', `snippet-${i}.ts`),
      asModule(snippet, [...given[i]!], exports.get(snippet.project ?? '')),
    ]),
  );
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.getCurrentDirectory = () => root;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = texts.get(name);
    return text === undefined ? getSourceFile(name, target, ...rest) : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram([...texts.keys()], OPTIONS, host, before);
  const faults = [...texts.keys()].map((name) => {
    const file = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(faultOf);
  });
  return { program, faults };
}

function faultOf({ code, file, start = 0, length = 0, messageText }: ts.Diagnostic): Fault {
  const text = ts.flattenDiagnosticMessageText(messageText, ' ');
  return { code, name: file?.text.slice(start, start + length) ?? '', text };
}

/** Imports first, then what is given, then the rest as the body of a function, so that it may return and await. */
function asModule({ project, text }: Snippet, given: readonly string[], own: ReadonlySet<string> = new Set()): string {
  const file = ts.createSourceFile('snippet.ts', text, ts.ScriptTarget.Latest, true);
  const imports = file.statements.filter(ts.isImportDeclaration).map((each) => each.getText());
  const rest = file.statements.filter((each) => !ts.isImportDeclaration(each)).map((each) => each.getFullText());
  const exported = given.filter((name) => own.has(name));
  const granted = given.filter((name) => !own.has(name));
  return [
    ...imports,
    ...(exported.length > 0 ? [`import { ${exported.join(', ')} } from '${project}';`] : []),
    ...granted.map((name) => `declare const ${name}: any;\ntype ${name} = any;`),
    `export async function snippet(): Promise<unknown> {${rest.join('')}\nreturn undefined;\n}`,
  ].join('\n');
}
