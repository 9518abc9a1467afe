import ts from 'typescript';
import type { Source } from './source-rules.js';

// STYLE, English: sentences that an engineer of any country understands the first time.

/** Words that make a machine a person, or that no textbook of the field uses; each with what to write instead. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  told: 'reported',
  tells: 'reports',
  said: 'stated',
  hears: 'receives',
  heard: 'received',
  speaks: 'sends',
  whence: 'from where',
  whither: 'destination',
  nobody: 'no one',
  astray: 'lost',
  kin: 'related',
};

const WORDS = new RegExp(`\\b(${Object.keys(REPLACEMENTS).join('|')})\\b`, 'gi');
/** A docstring begins with a verb in the third person, or with the noun that a type stands for. */
const RIDDLE = /^(What|Of|Those|Where|As|Who|One that|All that)\b/;

/** Returns the words of {@link REPLACEMENTS} in a text, in order. */
export function wordsToReplace(text: string): readonly string[] {
  return text.match(WORDS) ?? [];
}

/** Returns the comments and the test titles of a source file, which people read as sentences. */
export function sentencesOf({ path, text }: Source): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(it|test|describe)\b/.test(node.expression.getText(file))) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...commentsOf(text), ...titles];
}

/** Returns the docstrings of a source file that begin with no verb and no noun. */
export function riddlesOf({ text }: Source): readonly string[] {
  return commentsOf(text)
    .filter((comment) => comment.startsWith('/**'))
    .map((comment) => comment.replace(/^\/\*\*[\s*]*/, '').replace(/^[A-Z]+\d+(\.\d+)?(, [A-Z]+\d+(\.\d+)?)*: /, ''))
    .filter((sentence) => RIDDLE.test(sentence));
}

function commentsOf(text: string): readonly string[] {
  return text.match(/(?<!:)\/\/.*|\/\*[^]*?\*\//g) ?? [];
}

/** Returns the exported declarations of a source file that have no docstring: functions, classes, types, constants. */
export function undocumentedExports({ path, text }: Source): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return file.statements.filter(isExportedDeclaration).flatMap((statement) => {
    if (ts.getJSDocCommentsAndTags(statement).length > 0) return [];
    if (!ts.isVariableStatement(statement)) return [statement.name?.getText(file) ?? 'default'];
    return statement.declarationList.declarations.map(({ name }) => name.getText(file));
  });
}

type Declaration =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.VariableStatement;

function isExportedDeclaration(statement: ts.Statement): statement is Declaration {
  const isDeclaration =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isVariableStatement(statement);
  return isDeclaration && (statement.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}
