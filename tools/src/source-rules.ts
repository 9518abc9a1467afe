import ts from 'typescript';

/** One source file as the rules read it. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

export interface Measured {
  readonly path: string;
  readonly name: string;
  readonly lines: number;
}

export const MAX_FILE_LINES = 400;
export const MAX_FUNCTION_LINES = 70;
/** Files of one folder, specs and fixtures apart; more of them get subfolders that say what they hold. */
export const MAX_FOLDER_FILES = 15;
/** What we aim at; how many are above it may only fall (tools/sizes.json). */
export const AIM_FILE_LINES = 250;
export const AIM_FUNCTION_LINES = 40;
/** A decision table may be longer when its header says so. */
const LONG_TABLE = '// A table:';

/** Whether a file is a spec, a contract that several specs run, or a fixture of theirs. */
export function isTestCode(path: string): boolean {
  return /\.(spec|contract)\.ts$|\/src\/testing\//.test(path);
}

export function linesOf({ text }: Source): number {
  return text.split('\n').length - 1;
}

export function isTable({ text }: Source): boolean {
  return text.slice(0, 400).includes(LONG_TABLE);
}

/** Every function with a body, by its name or that of what it is given to. */
export function functionsOf({ path, text }: Source): readonly Measured[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Measured[] = [];
  const lineOf = (position: number): number => file.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body)
      found.push({ path, name: nameOf(node), lines: lineOf(node.end) - lineOf(node.getStart()) + 1 });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function nameOf(node: ts.Node): string {
  const own = (node as { name?: ts.Node }).name ?? (node.parent as { name?: ts.Node }).name;
  return own?.getText() ?? 'a function without name';
}

/** Names that say nothing. A declaration may say `base`, GS1's word for the lowest packaging level. */
const BANNED = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'base', 'manager', 'impl', 'data', 'info'];

/** `fooBarBaz` and `foo-bar.baz` as words; master data is GS1's own term. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/master-?data/gi, 'Master')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase());
}

export function saysNothing(name: string, allowed: readonly string[] = []): boolean {
  return wordsOf(name).some((word) => BANNED.includes(word) && !allowed.includes(word));
}

/** Names that a file declares and others read: of variables, functions, classes, types and parameters. */
export function declaredNames({ path, text }: Source): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const isDeclared =
      ts.isVariableDeclaration(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isMethodDeclaration(node);
    if (isDeclared && node.name && ts.isIdentifier(node.name)) names.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

/** Left for later: no issue would find it there. Written apart, so that this file is not found. */
const MARKER = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b(?!\\(#\\d+\\))`);

export function hasMarker({ text }: Source): boolean {
  return MARKER.test(text);
}

/** A test that is switched off for all, or that switches off the others; one that depends on the machine says so. */
const ALONE = /\b(?:it|test|describe)\.(?:only|skip|todo)\(|\b(?:xit|xdescribe|fit|fdescribe)\(/;

export function hasLonelyTest({ text }: Source): boolean {
  return ALONE.test(text);
}
